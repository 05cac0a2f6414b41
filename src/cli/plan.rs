//! Which releases of a chart are planned: those that were asked for, or probes.

use super::job::{Item, Planned, Purpose, Resolver};
use crate::rbac::OwnerKind;

/// The names that a probe renders a chart under; see [`crate::collide::ProbeClass`].
const PROBES: [(&str, &str); 3] =
    [("probe-a", "team-a"), ("probe-a", "team-b"), ("probe-b", "team-b")];

/// The namespaces, as long as they may be, of two more probes that show which names are cut off.
const LONG_NAMESPACES: [&str; 2] = [
    "team-with-a-name-of-the-sixty-three-characters-that-may-be-in-a",
    "team-with-a-name-of-the-sixty-three-characters-that-may-be-in-b",
];

impl Resolver<'_> {
    /// Plans the releases of a chart: one for each namespace, or a probe.
    pub(super) fn plan(&mut self, chart: usize) {
        let probes = self.args.namespace.is_empty() && self.purpose == Purpose::Judge;
        if probes {
            self.groups += 1;
            let group = self.groups;
            for (name, namespace) in PROBES {
                self.add(chart, Some(name.into()), (namespace.into(), OwnerKind::Probe, group));
            }
            return;
        }
        let namespaces = match self.args.namespace.as_slice() {
            [] => vec![self.home.clone()],
            namespaces => namespaces.to_vec(),
        };
        for namespace in namespaces {
            self.add(chart, self.name.clone(), (namespace, OwnerKind::Release, 0));
        }
    }

    /// Plans the probes in long namespaces, behind everything that someone asked for.
    pub(super) fn plan_long_probes(&mut self) {
        let mut probed: Vec<(usize, usize)> = Vec::new();
        for item in &self.job.items {
            if let Item::Release(planned) = item
                && planned.kind == OwnerKind::Probe
                && probed.last() != Some(&(planned.chart, planned.group))
            {
                probed.push((planned.chart, planned.group));
            }
        }
        for (chart, group) in probed {
            for namespace in LONG_NAMESPACES {
                let place = (namespace.into(), OwnerKind::LongProbe, group);
                self.add(chart, Some(PROBES[0].0.into()), place);
            }
        }
    }

    fn add(
        &mut self,
        chart: usize,
        name: Option<String>,
        (namespace, kind, group): (String, OwnerKind, usize),
    ) {
        let values = self.values.clone();
        let release = Planned { chart, name, namespace, kind, group, cluster: None, values };
        self.take_release(release);
    }
}
