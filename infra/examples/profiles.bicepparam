using '../fleet-profiles.bicep'

param fleetName = 'retail'

param strategies = [
  {
    name: 'canary-first'
    stages: [
      {
        name: 'canary'
        groups: [
          {
            name: 'canary'
          }
        ]
        afterStageWaitInSeconds: 86400
      }
      {
        name: 'production'
        groups: [
          {
            name: 'europe'
            maxConcurrency: '2'
          }
          {
            name: 'america'
            maxConcurrency: '25%'
          }
        ]
        beforeGates: [
          {
            displayName: 'Canary looks good'
            type: 'Approval'
          }
        ]
      }
    ]
  }
]

param profiles = [
  {
    name: 'stable'
    channel: 'Stable'
    strategy: 'canary-first'
    nodeImageSelection: 'Consistent'
  }
  {
    name: 'node-images'
    channel: 'NodeImage'
    strategy: 'canary-first'
  }
  {
    name: 'long-term'
    channel: 'TargetKubernetesVersion'
    targetKubernetesVersion: '1.30'
    longTermSupport: true
    nodeImageSelection: 'Latest'
    disabled: true
  }
]
