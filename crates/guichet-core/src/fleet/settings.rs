//! What an administrator sets of a running fleet.

use super::Fleet;
use crate::limits;
use crate::project::{Project, Usage};
use crate::setting::Setting;

impl Fleet {
    /// Goes by this setting from now on. One of a project or host that is not there does nothing.
    pub fn set(&mut self, setting: Setting) {
        match setting {
            Setting::Project(project) => self.add_project(project),
            Setting::Quota { project, quota } => {
                let usage = self.usage.get(project.index()).copied().unwrap_or_default();
                let Some(known) = self.projects.get_mut(project.index()) else {
                    return;
                };
                known.quota = quota;
                // What it holds now it may go on holding.
                if self.restored.len() < self.projects.len() {
                    self.restored.resize(self.projects.len(), Default::default());
                }
                self.restored[project.index()] = usage;
            }
            Setting::Host { host, is_open: true } => drop(self.closed.remove(&host)),
            Setting::Host { host, is_open: false } => drop(self.closed.insert(host)),
        }
    }

    fn add_project(&mut self, project: Project) {
        let place = self.projects.len();
        if project.id.index() != place || place >= limits::PROJECTS_MAX {
            return;
        }
        self.scheduler.add_project(project.weight);
        self.usage.push(Usage::default());
        self.lists.add_project();
        self.projects.push(project);
        // Empty as long as nobody may hold more than its quota.
        if !self.restored.is_empty() {
            self.restored.resize(self.projects.len(), Usage::default());
        }
    }
}
