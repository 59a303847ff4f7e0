# Copies what the app runs on into .package, which azd packs and Azure builds. No Python is needed for that.
$ErrorActionPreference = 'Stop'
Set-Location (Join-Path $PSScriptRoot '../..')
if (Test-Path .package) { Remove-Item .package -Recurse -Force }
New-Item .package -ItemType Directory | Out-Null
$needed = @('function_app.py', 'host.json', 'requirements.txt', 'functions', 'shared', '.funcignore')
Copy-Item $needed -Destination .package -Recurse
