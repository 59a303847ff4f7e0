"""The Function app: registers the blueprints, nothing else."""

import azure.functions as func

from functions import (
    alerts,
    detect_releases,
    evaluate_profile,
    gate_events,
    generate_update_run,
    preview_profile,
    profile_status,
    reconcile,
    release_events,
    watch_runs,
)

app = func.FunctionApp()
app.register_functions(detect_releases.blueprint)
app.register_functions(release_events.blueprint)
app.register_functions(evaluate_profile.blueprint)
app.register_functions(reconcile.blueprint)
app.register_functions(watch_runs.blueprint)
app.register_functions(gate_events.blueprint)
app.register_functions(generate_update_run.blueprint)
app.register_functions(preview_profile.blueprint)
app.register_functions(profile_status.blueprint)
app.register_functions(alerts.blueprint)
