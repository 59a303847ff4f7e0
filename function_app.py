"""The Function app: registers the blueprints, nothing else."""

import azure.functions as func

from functions import (
    detect_releases,
    evaluate_profile,
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
app.register_functions(generate_update_run.blueprint)
app.register_functions(preview_profile.blueprint)
app.register_functions(profile_status.blueprint)
