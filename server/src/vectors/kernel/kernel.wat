;; The inner loops of a search, on one shared memory: dot products of int8 rows with an int16 query, selection of the
;; rows that may be good enough, lists of rows from bits, bits of values in a range, and a bare read to measure them against.
(module
  (import "arena" "memory" (memory 1 65536 shared))

  ;; For each i < $count: out[i] (f64) = dot of row list[i] (u32) of a plane with the query.
  ;;
  ;; A plane is rows of $stride int8, $stride a multiple of 32. The query is $stride int16. Products
  ;; are summed in 32-bit lanes, which hold them for up to 2,048 dimensions; the four lanes are summed
  ;; in float64, exactly. So one loop serves the coarse plane and the residual plane.
  (func (export "dots")
    (param $plane i32) (param $stride i32) (param $list i32) (param $count i32)
    (param $query i32) (param $out i32)
    (local $row i32) (local $rowEnd i32) (local $q i32) (local $listEnd i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $listEnd (i32.add (local.get $list) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $rows
        (br_if $done (i32.ge_u (local.get $list) (local.get $listEnd)))
        (local.set $row
          (i32.add (local.get $plane) (i32.mul (i32.load (local.get $list)) (local.get $stride))))
        (local.set $rowEnd (i32.add (local.get $row) (local.get $stride)))
        (local.set $q (local.get $query))
        (local.set $a (v128.const i64x2 0 0))
        (local.set $b (v128.const i64x2 0 0))
        (local.set $c (v128.const i64x2 0 0))
        (local.set $d (v128.const i64x2 0 0))
        (loop $steps
          (local.set $a (i32x4.add (local.get $a)
            (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $row)) (v128.load (local.get $q)))))
          (local.set $b (i32x4.add (local.get $b)
            (i32x4.dot_i16x8_s (v128.load8x8_s offset=8 (local.get $row)) (v128.load offset=16 (local.get $q)))))
          (local.set $c (i32x4.add (local.get $c)
            (i32x4.dot_i16x8_s (v128.load8x8_s offset=16 (local.get $row)) (v128.load offset=32 (local.get $q)))))
          (local.set $d (i32x4.add (local.get $d)
            (i32x4.dot_i16x8_s (v128.load8x8_s offset=24 (local.get $row)) (v128.load offset=48 (local.get $q)))))
          (local.set $q (i32.add (local.get $q) (i32.const 64)))
          (br_if $steps (i32.lt_u
            (local.tee $row (i32.add (local.get $row) (i32.const 32)))
            (local.get $rowEnd))))
        (local.set $a (i32x4.add
          (i32x4.add (local.get $a) (local.get $b))
          (i32x4.add (local.get $c) (local.get $d))))
        (local.set $b (f64x2.add
          (f64x2.convert_low_i32x4_s (local.get $a))
          (f64x2.convert_low_i32x4_s
            (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $a) (local.get $a)))))
        (f64.store (local.get $out)
          (f64.add (f64x2.extract_lane 0 (local.get $b)) (f64x2.extract_lane 1 (local.get $b))))
        (local.set $out (i32.add (local.get $out) (i32.const 8)))
        (local.set $list (i32.add (local.get $list) (i32.const 4)))
        (br $rows))))

  ;; The same for rows side by side, from the first at $from: out[i] = dot of row i with the query, for
  ;; $count rows and, where that is odd, one more. Two rows at a time share what is loaded of the query,
  ;; which is worth a tenth. But then memory is not read in its order, and the processor, which sees no
  ;; order, fetches nothing ahead: that takes four times as long. So each step, which takes 64 bytes,
  ;; first touches one cache line of the next two rows, in order, if these end before $end. The sum of
  ;; what it touched is answered so that it has a use.
  (func (export "dotsOfRun")
    (param $from i32) (param $stride i32) (param $count i32) (param $end i32)
    (param $query i32) (param $out i32) (result i32)
    (local $row i32) (local $next i32) (local $rowEnd i32) (local $q i32) (local $runEnd i32)
    (local $pair i32) (local $ahead i32) (local $touched i32)
    (local $a v128) (local $b v128) (local $x v128)
    (local.set $row (local.get $from))
    (local.set $runEnd
      (i32.add (local.get $from) (i32.mul (local.get $count) (local.get $stride))))
    (local.set $pair (i32.shl (local.get $stride) (i32.const 1)))
    (local.set $ahead (local.get $from))
    (loop $lines
      (local.set $touched (i32.add (local.get $touched) (i32.load8_u (local.get $ahead))))
      (br_if $lines (i32.lt_u
        (local.tee $ahead (i32.add (local.get $ahead) (i32.const 64)))
        (i32.add (local.get $from) (local.get $pair)))))
    (block $done
      (loop $pairs
        (br_if $done (i32.ge_u (local.get $row) (local.get $runEnd)))
        (local.set $next (i32.add (local.get $row) (local.get $stride)))
        (local.set $rowEnd (local.get $next))
        (local.set $ahead (i32.add (local.get $row) (local.get $pair)))
        ;; At the end of all, what is at hand is touched once more.
        (local.set $ahead (select (local.get $row) (local.get $ahead)
          (i32.gt_u (i32.add (local.get $ahead) (local.get $pair)) (local.get $end))))
        (local.set $q (local.get $query))
        (local.set $a (v128.const i64x2 0 0))
        (local.set $b (v128.const i64x2 0 0))
        (loop $steps
          (local.set $touched (i32.add (local.get $touched) (i32.load8_u (local.get $ahead))))
          (local.set $ahead (i32.add (local.get $ahead) (i32.const 64)))
          (local.set $x (v128.load (local.get $q)))
          (local.set $a (i32x4.add (local.get $a)
            (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $row)) (local.get $x))))
          (local.set $b (i32x4.add (local.get $b)
            (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $next)) (local.get $x))))
          (local.set $x (v128.load offset=16 (local.get $q)))
          (local.set $a (i32x4.add (local.get $a)
            (i32x4.dot_i16x8_s (v128.load8x8_s offset=8 (local.get $row)) (local.get $x))))
          (local.set $b (i32x4.add (local.get $b)
            (i32x4.dot_i16x8_s (v128.load8x8_s offset=8 (local.get $next)) (local.get $x))))
          (local.set $x (v128.load offset=32 (local.get $q)))
          (local.set $a (i32x4.add (local.get $a)
            (i32x4.dot_i16x8_s (v128.load8x8_s offset=16 (local.get $row)) (local.get $x))))
          (local.set $b (i32x4.add (local.get $b)
            (i32x4.dot_i16x8_s (v128.load8x8_s offset=16 (local.get $next)) (local.get $x))))
          (local.set $x (v128.load offset=48 (local.get $q)))
          (local.set $a (i32x4.add (local.get $a)
            (i32x4.dot_i16x8_s (v128.load8x8_s offset=24 (local.get $row)) (local.get $x))))
          (local.set $b (i32x4.add (local.get $b)
            (i32x4.dot_i16x8_s (v128.load8x8_s offset=24 (local.get $next)) (local.get $x))))
          (local.set $q (i32.add (local.get $q) (i32.const 64)))
          (local.set $next (i32.add (local.get $next) (i32.const 32)))
          (br_if $steps (i32.lt_u
            (local.tee $row (i32.add (local.get $row) (i32.const 32)))
            (local.get $rowEnd))))
        ;; Lanes 2 and 3 onto 0 and 1, in float64; then those of both rows onto one another.
        (local.set $a (f64x2.add
          (f64x2.convert_low_i32x4_s (local.get $a))
          (f64x2.convert_low_i32x4_s
            (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $a) (local.get $a)))))
        (local.set $b (f64x2.add
          (f64x2.convert_low_i32x4_s (local.get $b))
          (f64x2.convert_low_i32x4_s
            (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $b) (local.get $b)))))
        (v128.store (local.get $out) (f64x2.add
          (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $a) (local.get $b))
          (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $a) (local.get $b))))
        (local.set $out (i32.add (local.get $out) (i32.const 16)))
        (local.set $row (local.get $next))
        (br $pairs)))
    (local.get $touched))

  ;; Reads one byte of each cache line of the listed rows, so that "dots" finds them near. Where rows
  ;; lie apart this more than halves the time of both: here many misses are under way at once, while
  ;; the arithmetic of one row fills the processor's window.
  (func (export "touch")
    (param $plane i32) (param $stride i32) (param $list i32) (param $count i32) (result i32)
    (local $row i32) (local $rowEnd i32) (local $listEnd i32) (local $sum i32)
    (local.set $listEnd (i32.add (local.get $list) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $rows
        (br_if $done (i32.ge_u (local.get $list) (local.get $listEnd)))
        (local.set $row
          (i32.add (local.get $plane) (i32.mul (i32.load (local.get $list)) (local.get $stride))))
        (local.set $rowEnd (i32.add (local.get $row) (local.get $stride)))
        (loop $lines
          (local.set $sum (i32.add (local.get $sum) (i32.load8_u (local.get $row))))
          (br_if $lines (i32.lt_u
            (local.tee $row (i32.add (local.get $row) (i32.const 64)))
            (local.get $rowEnd))))
        (local.set $list (i32.add (local.get $list) (i32.const 4)))
        (br $rows)))
    (local.get $sum))

  ;; For each i < $count: $dots[i] = $dots[$list[i] - $first]. In place: the list ascends, so none is needed once it is overwritten.
  (func (export "gather")
    (param $dots i32) (param $list i32) (param $first i32) (param $count i32)
    (local $out i32) (local $listEnd i32)
    (local.set $out (local.get $dots))
    (local.set $listEnd (i32.add (local.get $list) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $rows
        (br_if $done (i32.ge_u (local.get $list) (local.get $listEnd)))
        (f64.store (local.get $out) (f64.load (i32.add (local.get $dots)
          (i32.shl (i32.sub (i32.load (local.get $list)) (local.get $first)) (i32.const 3)))))
        (local.set $out (i32.add (local.get $out) (i32.const 8)))
        (local.set $list (i32.add (local.get $list) (i32.const 4)))
        (br $rows))))

  ;; Writes to $kept (u32) the positions i whose cosine may reach $least:
  ;; dots[i] · factor · norms[list[i]] + slacks[list[i]] ≥ least. Answers how many.
  (func (export "select")
    (param $list i32) (param $count i32) (param $dots i32)
    (param $norms i32) (param $slacks i32)
    (param $factor f64) (param $least f64) (param $kept i32) (result i32)
    (local $i i32) (local $at i32) (local $first i32)
    (local.set $first (local.get $kept))
    (block $done
      (loop $rows
        (br_if $done (i32.ge_u (local.get $i) (local.get $count)))
        (local.set $at (i32.shl (i32.load (local.get $list)) (i32.const 2)))
        ;; Stored always, kept by moving on: no branch to mispredict.
        (i32.store (local.get $kept) (local.get $i))
        (local.set $kept (i32.add (local.get $kept) (i32.shl
          (f64.ge
            (f64.add
              (f64.mul
                (f64.mul (f64.load (local.get $dots)) (local.get $factor))
                (f64.promote_f32 (f32.load (i32.add (local.get $norms) (local.get $at)))))
              (f64.promote_f32 (f32.load (i32.add (local.get $slacks) (local.get $at)))))
            (local.get $least))
          (i32.const 2))))
        (local.set $dots (i32.add (local.get $dots) (i32.const 8)))
        (local.set $list (i32.add (local.get $list) (i32.const 4)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $rows)))
    (i32.shr_u (i32.sub (local.get $kept) (local.get $first)) (i32.const 2)))

  ;; The same for rows side by side: $norms and $slacks are those of the first. Two products at a time; that none of
  ;; four is kept, as nearly always, is one branch. What is read behind the last row is not kept.
  (func (export "selectRun")
    (param $count i32) (param $dots i32) (param $norms i32) (param $slacks i32)
    (param $factor f64) (param $least f64) (param $kept i32) (result i32)
    (local $i i32) (local $bits i32) (local $first i32)
    (local $factors v128) (local $leasts v128) (local $n v128) (local $s v128)
    (local.set $first (local.get $kept))
    (local.set $factors (f64x2.splat (local.get $factor)))
    (local.set $leasts (f64x2.splat (local.get $least)))
    (block $done
      (loop $four
        (br_if $done (i32.ge_u (local.get $i) (local.get $count)))
        (local.set $n (v128.load (local.get $norms)))
        (local.set $s (v128.load (local.get $slacks)))
        (local.set $bits (i32.or
          (i64x2.bitmask (f64x2.ge
            (f64x2.add
              (f64x2.mul
                (f64x2.mul (v128.load (local.get $dots)) (local.get $factors))
                (f64x2.promote_low_f32x4 (local.get $n)))
              (f64x2.promote_low_f32x4 (local.get $s)))
            (local.get $leasts)))
          (i32.shl
            (i64x2.bitmask (f64x2.ge
              (f64x2.add
                (f64x2.mul
                  (f64x2.mul (v128.load offset=16 (local.get $dots)) (local.get $factors))
                  (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $n) (local.get $n))))
                (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $s) (local.get $s))))
              (local.get $leasts)))
            (i32.const 2))))
        (block $none
          (br_if $none (i32.eqz (local.get $bits)))
          (loop $each
            (i32.store (local.get $kept) (i32.add (local.get $i) (i32.ctz (local.get $bits))))
            (local.set $kept (i32.add (local.get $kept) (i32.shl
              (i32.lt_u (i32.load (local.get $kept)) (local.get $count))
              (i32.const 2))))
            (br_if $each (local.tee $bits
              (i32.and (local.get $bits) (i32.sub (local.get $bits) (i32.const 1)))))))
        (local.set $dots (i32.add (local.get $dots) (i32.const 32)))
        (local.set $norms (i32.add (local.get $norms) (i32.const 16)))
        (local.set $slacks (i32.add (local.get $slacks) (i32.const 16)))
        (local.set $i (i32.add (local.get $i) (i32.const 4)))
        (br $four)))
    (i32.shr_u (i32.sub (local.get $kept) (local.get $first)) (i32.const 2)))

  ;; Writes to $list (u32) the numbers of the rows that have a bit in $count words, the first bit being row $first's. Answers how many.
  (func (export "list")
    (param $words i32) (param $count i32) (param $first i32) (param $list i32) (result i32)
    (local $wordsEnd i32) (local $word i32) (local $start i32) (local $rows v128) (local $i i32)
    (local.set $start (local.get $list))
    (local.set $wordsEnd (i32.add (local.get $words) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $each
        (br_if $done (i32.ge_u (local.get $words) (local.get $wordsEnd)))
        (local.set $word (i32.load (local.get $words)))
        (if (i32.eq (local.get $word) (i32.const -1))
          (then
            (local.set $rows
              (i32x4.add (i32x4.splat (local.get $first)) (v128.const i32x4 0 1 2 3)))
            (local.set $i (i32.const 8))
            (loop $fours
              (v128.store (local.get $list) (local.get $rows))
              (local.set $rows (i32x4.add (local.get $rows) (v128.const i32x4 4 4 4 4)))
              (local.set $list (i32.add (local.get $list) (i32.const 16)))
              (br_if $fours (local.tee $i (i32.sub (local.get $i) (i32.const 1))))))
          (else
            (block $empty
              (loop $bits
                (br_if $empty (i32.eqz (local.get $word)))
                (i32.store (local.get $list)
                  (i32.add (local.get $first) (i32.ctz (local.get $word))))
                (local.set $list (i32.add (local.get $list) (i32.const 4)))
                (local.set $word
                  (i32.and (local.get $word) (i32.sub (local.get $word) (i32.const 1))))
                (br $bits)))))
        (local.set $first (i32.add (local.get $first) (i32.const 32)))
        (local.set $words (i32.add (local.get $words) (i32.const 4)))
        (br $each)))
    (i32.shr_u (i32.sub (local.get $list) (local.get $start)) (i32.const 2)))

  ;; Which of $rows values, a multiple of 32, lie from $low to $high and have the tag: a bit each, to $out (u32).
  (func (export "between")
    (param $tags i32) (param $words i32) (param $rows i32) (param $tag i32)
    (param $low i32) (param $high i32) (param $out i32)
    (local $end i32) (local $lows v128) (local $highs v128) (local $wanted v128)
    (local.set $end (i32.add (local.get $tags) (local.get $rows)))
    (local.set $lows (i32x4.splat (local.get $low)))
    (local.set $highs (i32x4.splat (local.get $high)))
    (local.set $wanted (i8x16.splat (local.get $tag)))
    (block $done
      (loop $sixteen
        (br_if $done (i32.ge_u (local.get $tags) (local.get $end)))
        (i32.store16 (local.get $out) (i8x16.bitmask (v128.and
          (i8x16.eq (v128.load (local.get $tags)) (local.get $wanted))
          (i8x16.narrow_i16x8_s
            (i16x8.narrow_i32x4_s
              (v128.and
                (i32x4.ge_s (v128.load (local.get $words)) (local.get $lows))
                (i32x4.le_s (v128.load (local.get $words)) (local.get $highs)))
              (v128.and
                (i32x4.ge_s (v128.load offset=16 (local.get $words)) (local.get $lows))
                (i32x4.le_s (v128.load offset=16 (local.get $words)) (local.get $highs))))
            (i16x8.narrow_i32x4_s
              (v128.and
                (i32x4.ge_s (v128.load offset=32 (local.get $words)) (local.get $lows))
                (i32x4.le_s (v128.load offset=32 (local.get $words)) (local.get $highs)))
              (v128.and
                (i32x4.ge_s (v128.load offset=48 (local.get $words)) (local.get $lows))
                (i32x4.le_s (v128.load offset=48 (local.get $words)) (local.get $highs))))))))
        (local.set $tags (i32.add (local.get $tags) (i32.const 16)))
        (local.set $words (i32.add (local.get $words) (i32.const 64)))
        (local.set $out (i32.add (local.get $out) (i32.const 2)))
        (br $sixteen))))

  ;; Reads $bytes, rounded up to a multiple of 64, and does nothing else: the time that no scan can beat.
  (func (export "read") (param $from i32) (param $bytes i32) (result i32)
    (local $end i32) (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $end (i32.add (local.get $from) (local.get $bytes)))
    (block $done
      (loop $steps
        (br_if $done (i32.ge_u (local.get $from) (local.get $end)))
        (local.set $a (v128.xor (local.get $a) (v128.load (local.get $from))))
        (local.set $b (v128.xor (local.get $b) (v128.load offset=16 (local.get $from))))
        (local.set $c (v128.xor (local.get $c) (v128.load offset=32 (local.get $from))))
        (local.set $d (v128.xor (local.get $d) (v128.load offset=48 (local.get $from))))
        (local.set $from (i32.add (local.get $from) (i32.const 64)))
        (br $steps)))
    (i32x4.extract_lane 0 (v128.xor
      (v128.xor (local.get $a) (local.get $b))
      (v128.xor (local.get $c) (local.get $d))))))
