# Functions that the hooks share. POSIX sh, which runs the Azure CLI and no other program but dirname and sleep.
# Each hook sets HOOK to its name and includes this file. common.ps1 has the same functions for PowerShell.

say() {
    printf '%s: %s\n' "$HOOK" "$1"
}

# Ends the hook with a sentence; azd stops then.
fail() {
    printf '%s: %s\n' "$HOOK" "$1" >&2
    exit 1
}

# Writes the parts of a list, one a line and each once. Commas, blanks and ends of lines separate them.
words() (
    set -f
    IFS=' ,
'
    seen=' '
    for word in $1; do
        case $seen in *" $word "*) continue ;; esac
        seen="$seen$word "
        printf '%s\n' "$word"
    done
)

# Writes the value of the variable with this name; nothing if it is not set.
value_of() {
    eval "printf '%s' \"\${$1:-}\""
}

# Ends the hook unless every variable has a value.
require_variables() {
    missing=
    for name in "$@"; do
        [ -n "$(value_of "$name")" ] || missing="$missing $name"
    done
    [ -z "$missing" ] || fail "Not set:$missing. Run azd provision first, then: azd hooks run $HOOK"
}

# Ends the hook unless the variable is empty or one of the values.
require_choice() {
    name=$1
    shift
    value=$(value_of "$name")
    [ -n "$value" ] || return 0
    for choice in "$@"; do
        [ "$value" != "$choice" ] || return 0
    done
    fail "$name is $value. It must be one of: $*"
}

# Ends the hook unless the Azure CLI is present and can see the subscription.
require_az() {
    command -v az >/dev/null 2>&1 ||
        fail "The Azure CLI is missing. Install it: https://aka.ms/azure-cli. Then: azd hooks run $HOOK"
    az account show --subscription "$AZURE_SUBSCRIPTION_ID" --output none --only-show-errors 2>/dev/null ||
        fail "The Azure CLI is not signed in, or cannot see subscription $AZURE_SUBSCRIPTION_ID. Run: az login"
}

# Writes the subscriptions with fleets whose gates send events, one a line.
gate_subscriptions() {
    chosen=${AUTO_UPGRADE_GATE_SUBSCRIPTION_IDS:-${MANAGED_SUBSCRIPTION_IDS:-}}
    [ "$chosen" = none ] || words "$chosen"
}

# Writes the subscriptions of the clusters whose events the app receives, one a line.
cluster_subscriptions() {
    for id in $(words "${AUTO_UPGRADE_CLUSTER_IDS:-}"); do
        case $id in
            /subscriptions/*/resource[Gg]roups/*) ;;
            *) fail "AUTO_UPGRADE_CLUSTER_IDS: $id is not the resource id of an AKS cluster." ;;
        esac
        id=${id#/subscriptions/}
        printf '%s\n' "${id%%/*}"
    done
}

# Writes the subscriptions that can have system topics for this app, one a line.
topic_subscriptions() {
    clusters=$(cluster_subscriptions) || exit 1
    words "$clusters $(gate_subscriptions)"
}
