#!/bin/sh
# Every activation and every loss of flatward against PyTorch's Hessian, on Iris and on the digits. From the repository:
#   sh bench/peers/hessian.sh
# PYTHON names an interpreter that has torch.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
problem() {
  name=$1
  shift
  npx flatward spectrum "$@" --steps 60 --samples 6 --probes 2 --lanczos-steps 1 --output "$folder/out" \
    --export-problem "$folder/$name.json" >/dev/null 2>&1
}
for activation in tanh sigmoid softplus silu gelu sin identity; do
  problem "iris-$activation" --activation "$activation"
  problem "digits-$activation" --data digits --hidden 8 --activation "$activation"
done
for loss in sigmoid-cross-entropy mean-squared-error poisson; do
  problem "iris-$loss" --loss "$loss" --learning-rate 0.1
  problem "digits-$loss" --data digits --hidden 8 --loss "$loss" --learning-rate 0.03
done
"${PYTHON:-/usr/bin/python3}" "$(dirname "$0")/hessian.py" "$folder"/*.json
