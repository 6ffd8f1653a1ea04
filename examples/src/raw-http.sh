#!/bin/sh
# Searches by a picture with nothing but curl and openssl: what to do where there is no SDK.
#
#     sh examples/src/raw-http.sh shoes query.jpg
#
# The key is read from LIKENESS_ACCESS_KEY_ID and LIKENESS_ACCESS_KEY_SECRET, the server from LIKENESS_ENDPOINT.
set -eu

instance=${1:-shoes}
picture=${2:-query.jpg}
endpoint=${LIKENESS_ENDPOINT:-http://127.0.0.1:8000}

host=${endpoint#*://}
date=$(date -u +%Y-%m-%dT%H:%M:%SZ)
nonce=$(openssl rand -hex 16)
hex() { openssl dgst -sha256 -r "$@" | cut -d ' ' -f 1; }

# The body is a form; the picture is Base64 in it, whose three special characters are percent-encoded.
body=$(mktemp)
trap 'rm -f "$body"' EXIT
{
  printf 'InstanceName=%s&Num=5&PicContent=' "$instance"
  openssl base64 -A -in "$picture" | sed 's/+/%2B/g; s,/,%2F,g; s/=/%3D/g'
} >"$body"
body_hash=$(hex "$body")

# What is signed: method, path, query, these headers, their names, and the hash of the body.
names='content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version'
headers="content-type:application/x-www-form-urlencoded
host:$host
x-acs-action:SearchImageByPic
x-acs-content-sha256:$body_hash
x-acs-date:$date
x-acs-signature-nonce:$nonce
x-acs-version:2020-12-14"
canonical_hash=$(printf 'POST\n/\n\n%s\n\n%s\n%s' "$headers" "$names" "$body_hash" | hex)
signature=$(printf 'ACS3-HMAC-SHA256\n%s' "$canonical_hash" | hex -hmac "$LIKENESS_ACCESS_KEY_SECRET")

printf '%s\n' "$headers" | sed 's/:/: /' | curl --silent --show-error --fail-with-body \
  --header @- \
  --header "Authorization: ACS3-HMAC-SHA256 Credential=$LIKENESS_ACCESS_KEY_ID,SignedHeaders=$names,Signature=$signature" \
  --data-binary "@$body" "$endpoint/"
