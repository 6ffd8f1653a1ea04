#!/usr/bin/env bash
# Installs faiss-node into FOLDER and compiles it there, against Debian's libfaiss: its own install step downloads a binary
# from a host that many machines cannot reach.
#
#   server/test/engines/build-faiss.sh FOLDER
#
# Needs g++, the headers that come with Node, libfaiss-dev and libopenblas-dev; as root it installs these two itself.
# Tried with faiss-node 0.5, libfaiss-dev 1.7.3, Node 20.20.
set -euo pipefail
folder=${1:?"usage: $0 FOLDER"}
mkdir -p "$folder"
npm install --prefix "$folder" --no-save --no-package-lock --no-audit --no-fund --ignore-scripts faiss-node@0.5 node-addon-api@8
if ! dpkg -s libfaiss-dev libopenblas-dev >/dev/null 2>&1; then
  [ "$(id -u)" = 0 ] || { echo "install libfaiss-dev and libopenblas-dev first" >&2; exit 1; }
  apt-get update -qq && apt-get install -y -qq libfaiss-dev libopenblas-dev
fi
modules=$(cd "$folder" && pwd)/node_modules
headers=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")/include/node
cd "$modules/faiss-node"
mkdir -p build/Release
# faiss-node is written for faiss 1.7.4, which has this name in its namespace.
printf '#include <faiss/Index.h>\nnamespace faiss { using idx_t = Index::idx_t; }\n' > idx_t.h
g++ -O2 -fPIC -shared -std=c++17 -fopenmp -DNAPI_VERSION=6 -DNODE_GYP_MODULE_NAME=faiss-node -DBUILDING_NODE_EXTENSION \
  -include idx_t.h -I"$headers" -I"$modules/node-addon-api" src/*.cc -o build/Release/faiss-node.node.new -lfaiss -lopenblas
mv build/Release/faiss-node.node.new build/Release/faiss-node.node
node -e "new (require('$modules/faiss-node').IndexFlatIP)(2).add([1, 0])"
