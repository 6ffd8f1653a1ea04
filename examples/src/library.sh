#!/bin/sh
# Fills and searches an image library with nothing but curl.
#
#     sh examples/src/library.sh shop_a_tops shirt.jpg
#
# The server is read from LIKENESS_ENDPOINT. On another machine it wants a key: LIKENESS_ACCESS_KEY_ID and
# LIKENESS_ACCESS_KEY_SECRET.
set -eu

library=${1:-shop_a_tops}
picture=${2:-shirt.jpg}
api=${LIKENESS_ENDPOINT:-http://127.0.0.1:8000}/api/v1/operators/image-search

ask() {
  path=$1
  shift
  if [ -n "${LIKENESS_ACCESS_KEY_ID:-}" ]; then
    set -- --header "Authorization: Bearer $LIKENESS_ACCESS_KEY_ID:$LIKENESS_ACCESS_KEY_SECRET" "$@"
  fi
  curl --silent --show-error --fail-with-body "$@" "$api/$path"
  echo
}
# From standard input: a picture is too long for an argument.
ask_json() {
  ask "$1" --header 'Content-Type: application/json' --data-binary @-
}

ask_json library/create <<END
{"library_name": "$library", "mode": "general_search"}
END

# A picture in Base64 …
ask_json image/add <<END
{
  "library_name": "$library",
  "image_id": "img001",
  "image_uri": "https://example.com/tops/img001.jpg",
  "image_base64": "$(openssl base64 -A -in "$picture")",
  "tags": {"color": "white", "season": "summer", "price": 89}
}
END

# … or as a file.
ask image/add \
  --form "library_name=$library" --form image_id=img002 --form image_uri=img002.jpg \
  --form 'tags={"color": "blue", "season": "summer", "price": 59}' --form "image=@$picture"

ask_json search/by-image <<END
{
  "library_name": "$library",
  "image_base64": "$(openssl base64 -A -in "$picture")",
  "top_k": 5,
  "tag_filter": [
    {"field": "color", "op": "in", "value": ["red", "blue"]},
    {"field": "season", "op": "=", "value": "summer"}
  ],
  "return_frame": false
}
END

ask_json search/by-text <<END
{
  "library_name": "$library",
  "query_text": "a white short-sleeve T-shirt",
  "tag_filter": {"field": "price", "op": ">=", "value": 50},
  "return_frame": false
}
END

ask "image/list?library_name=$library&return_frame=false"

ask_json image/delete <<END
{"library_name": "$library", "tag_filter": {"field": "color", "op": "=", "value": "blue"}}
END

ask "library/info/$library"

ask_json library/delete <<END
{"library_name": "$library"}
END
