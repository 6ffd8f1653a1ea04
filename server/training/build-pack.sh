#!/bin/sh
# Makes a model pack from a checkpoint of the picture network. See README.md; every step is seeded.
#
#     PYTHON=venv/bin/python ./build-pack.sh DATA WORK CHECKPOINT BUILD PACK
#
# DATA holds `train` and `weights`, WORK what distillation/prepare.py and teach.py made; PACK is the pack's folder.
# In the environment: BGE, the folder that text/imitate.py reads, once for each WORK; LEAVE_OUT, sets that the checkpoint
# was not taught by and that shall not teach the rest either ("10 10c 13").
set -eu
[ $# -eq 5 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
data=$(realpath "$1") work=$(realpath "$2") checkpoint=$(realpath "$3")
mkdir -p "$4" "$5"
build=$(realpath "$4") pack=$(realpath "$5")
here=$(dirname "$(realpath "$0")")
python=${PYTHON:-python3}
export OMP_NUM_THREADS=1
# Unquoted where it is used: several words, or none.
leave_out=${LEAVE_OUT:+--leave-out $LEAVE_OUT}
step() { echo "== $*, $(date +%T)"; }

step "heads of the network"
mkdir -p "$build/heads"
[ -f "$work/scenes.json" ] || "$python" "$here/subject/labels.py" \
  --data "$data/train" --detector "$data/weights/yolox_nano.onnx" --work "$work"
"$python" "$here/subject/detect.py" --work "$work" --checkpoint "$checkpoint" --out "$build/heads/subject.pt" \
  $leave_out
"$python" "$here/subject/categorise.py" --work "$work" --checkpoint "$checkpoint" --out "$build/heads/category.pt" \
  $leave_out

step "network"
"$python" "$here/distillation/last_layer.py" --work "$work" --checkpoint "$checkpoint" --out "$build/last-layer.npz" \
  $leave_out
"$python" "$here/distillation/export.py" --work "$work" --checkpoint "$checkpoint" --out "$build" \
  --subject "$build/heads/subject.pt" --category "$build/heads/category.pt" --last-layer "$build/last-layer.npz"
[ -d "$build/composites" ] || "$python" "$here/subject/composites.py" \
  --data "$data/train" --work "$work" --out "$build/composites"
"$python" "$here/subject/measure.py" --work "$work" --network "$build/network.onnx" \
  --composites "$build/composites" --out "$build/subject.json" $leave_out

step "vector"
# Does not depend on the checkpoint.
[ -f "$build/projection.npz" ] || "$python" "$here/classical/learn.py" --work "$work" --out "$build" $leave_out
"$python" "$here/pack/fit.py" --work "$work" --build "$build"
"$python" "$here/pack/vectors.py" --work "$work" --build "$build"

step "subject"
"$python" "$here/pack/assemble.py" --build "$build" --out "$build/draft" --draft
# Others than those that judge the detector.
[ -d "$build/in-scenes" ] || "$python" "$here/subject/composites.py" \
  --data "$data/train" --work "$work" --out "$build/in-scenes" --seed 7
"$python" "$here/pack/windows.py" --work "$work" --data "$data/train" --build "$build" --pack "$build/draft" \
  --scenes "$build/in-scenes"

step "text"
[ -f "$work/text/mixtures.json" ] || "$python" "$here/text/imitate.py" --work "$work" --bge "$BGE" --out "$work/text"
"$python" "$here/text/directions.py" --work "$work" --vectors "$build/vectors.npy" --out "$work/text"
"$python" "$here/text/train.py" --work "$work" --text "$work/text" --out "$build"
"$python" "$here/text/export.py" --text "$work/text" --out "$build"
"$python" "$here/text/validate.py" --work "$work" --text "$work/text" --vectors "$build/vectors.npy" --build "$build"

step "calibration"
"$python" "$here/pack/assemble.py" --build "$build" --out "$build/draft" --draft
node "$here/pack/calibrate.mjs" --index "$work/index.jsonl" --data "$data/train" \
  --pack "$build/draft" --out "$build/calibration.json"
"$python" "$here/pack/calibrate.py" --work "$work" --build "$build"

step "pack"
"$python" "$here/pack/assemble.py" --build "$build" --out "$pack"
"$python" "$here/pack/reference.py" --pack "$pack" --catalogue "$here/../../examples/catalogue/pictures" \
  --out "$here/../test/fixtures/pack-parity"
(cd "$here/../.." && npx oxfmt "$pack/pack.json" "$here/../test/fixtures/pack-parity/reference.json")
