#!/bin/sh
# Copies what the app runs on into .package, which azd packs and Azure builds. No Python is needed for that.
set -eu
cd "$(dirname "$0")/../.."
rm -rf .package
mkdir .package
cp -R function_app.py host.json requirements.txt functions shared .funcignore .package/
