// The strategies and profiles of the demo's fleet, kept in a repository: every channel, with and without its options.
using '../../../infra/fleet-profiles.bicep'

param fleetName = 'retail'

param strategies = [
  {
    name: 'canary-then-shop'
    stages: [
      {
        name: 'canary'
        groups: [
          {
            name: 'canary'
          }
        ]
        afterStageWaitInSeconds: 3600
        afterGates: [
          {
            displayName: 'Canary looks good'
            type: 'Approval'
          }
        ]
      }
      {
        name: 'shop'
        groups: [
          {
            name: 'shop'
            maxConcurrency: '50%'
          }
        ]
        maxConcurrency: '2'
      }
    ]
  }
  {
    name: 'stock-only'
    stages: [
      {
        name: 'stock'
        groups: [
          {
            name: 'stock'
            maxConcurrency: '1'
            beforeGates: [
              {
                displayName: 'Stock is closed'
                type: 'Approval'
              }
            ]
          }
        ]
      }
    ]
  }
]

param profiles = [
  {
    name: 'shop-stable'
    channel: 'Stable'
    strategy: 'canary-then-shop'
    nodeImageSelection: 'Consistent'
  }
  {
    name: 'stock-rapid'
    channel: 'Rapid'
    strategy: 'stock-only'
    nodeImageSelection: 'Latest'
  }
  {
    name: 'shop-images'
    channel: 'NodeImage'
    strategy: 'canary-then-shop'
  }
  {
    name: 'stock-long-term'
    channel: 'TargetKubernetesVersion'
    targetKubernetesVersion: '1.30'
    longTermSupport: true
    strategy: 'stock-only'
    disabled: true
  }
  {
    name: 'everyone'
    channel: 'Rapid'
    disabled: true
  }
]
