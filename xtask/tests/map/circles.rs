//! Files of a crate that need each other, directly or through others.
//!
//! A file needs another if it imports or names an item that is defined there. A name that a
//! module only hands on (`pub use child::Item`) is the child's: whoever imports it needs the
//! child, and the module itself needs nothing by handing it on.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

use crate::source::{self, Import, Module};

/// Names are followed through so many imports at most.
const DEPTH_MAX: usize = 8;

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    /// An item, by the file that defines it.
    Item(usize),
    Module(usize),
}

/// What a module knows a name as.
enum Known {
    Target(Target),
    /// It comes from another crate.
    Foreign,
    Nothing,
}

/// A module of a crate.
struct Node {
    file: usize,
    parent: Option<usize>,
    children: BTreeMap<String, usize>,
    source: Module,
}

/// A crate: its files, and its modules, of which the first is the root.
struct Crate<'a> {
    read: &'a dyn Fn(&Path) -> Option<String>,
    files: Vec<PathBuf>,
    nodes: Vec<Node>,
}

/// Which file needs which, and by which path.
type Needs = BTreeMap<usize, BTreeMap<usize, String>>;

/// The circles of the crate whose first file is `root`, one sentence each.
pub(crate) fn circles(root: &Path, read: &dyn Fn(&Path) -> Option<String>) -> Vec<String> {
    let mut found = Crate { read, files: Vec::new(), nodes: Vec::new() };
    let dir = root.parent().unwrap_or(Path::new("")).to_owned();
    found.add_file(root.to_owned(), &dir, None);
    let needs = found.needs();
    let components = components(found.files.len(), &needs);
    components.iter().map(|members| found.shown(members, &needs)).collect()
}

/// Groups of more than one file that all reach each other.
fn components(files: usize, needs: &Needs) -> Vec<BTreeSet<usize>> {
    let reached: Vec<BTreeSet<usize>> = (0..files)
        .map(|from| {
            let mut reached = BTreeSet::new();
            let mut next = vec![from];
            while let Some(file) = next.pop() {
                for to in needs.get(&file).into_iter().flat_map(BTreeMap::keys) {
                    if reached.insert(*to) {
                        next.push(*to);
                    }
                }
            }
            reached
        })
        .collect();
    let mut groups = BTreeSet::new();
    for file in 0..files {
        let mutual = reached[file].iter().filter(|other| reached[**other].contains(&file));
        let group: BTreeSet<usize> = mutual.copied().collect();
        if group.len() > 1 {
            groups.insert(group);
        }
    }
    groups.into_iter().collect()
}

/// The shortest way from a file back to itself.
fn shortest(from: usize, needs: &Needs) -> Option<Vec<usize>> {
    let mut ways = VecDeque::from([vec![from]]);
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop_front() {
        let last = way.last()?;
        for next in needs.get(last).into_iter().flat_map(BTreeMap::keys) {
            if *next == from {
                return Some(way);
            }
            if seen.insert(*next) {
                ways.push_back(way.iter().copied().chain([*next]).collect());
            }
        }
    }
    None
}

impl Crate<'_> {
    /// A component as its shortest circle, arrow by arrow, and the other files in it.
    fn shown(&self, members: &BTreeSet<usize>, needs: &Needs) -> String {
        let ways = members.iter().filter_map(|member| shortest(*member, needs));
        let way = ways.min_by_key(Vec::len).unwrap_or_default();
        let mut arrows = Vec::new();
        for (n, from) in way.iter().enumerate() {
            let to = way[(n + 1) % way.len()];
            let path = &needs[from][&to];
            let (from, to) = (self.files[*from].display(), self.files[to].display());
            arrows.push(format!("{from} -> {to} by `{path}`"));
        }
        let others = members.iter().filter(|member| !way.contains(member));
        let others: Vec<String> =
            others.map(|other| self.files[*other].display().to_string()).collect();
        let arrows = arrows.join(", ");
        if others.is_empty() {
            return arrows;
        }
        format!("{arrows}; {} more are in circles with these: {}", others.len(), others.join(" "))
    }

    /// Reads a file and all below it; its child modules are in `dir`.
    fn add_file(&mut self, path: PathBuf, dir: &Path, parent: Option<usize>) -> usize {
        let text = (self.read)(&path).unwrap_or_else(|| panic!("no {}", path.display()));
        let module = source::parse(&text);
        let module = module.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let file = self.files.len();
        self.files.push(path);
        self.add(module, file, dir, parent)
    }

    fn add(&mut self, mut source: Module, file: usize, dir: &Path, parent: Option<usize>) -> usize {
        let inline = std::mem::take(&mut source.inline);
        let declared = source.declared.clone();
        let id = self.nodes.len();
        self.nodes.push(Node { file, parent, children: BTreeMap::new(), source });
        for (name, module) in inline {
            let child = self.add(module, file, &dir.join(&name), Some(id));
            self.nodes[id].children.insert(name, child);
        }
        for name in declared {
            let below = dir.join(&name);
            let flat = dir.join(format!("{name}.rs"));
            let path = if (self.read)(&flat).is_some() { flat } else { below.join("mod.rs") };
            let child = self.add_file(path, &below, Some(id));
            self.nodes[id].children.insert(name, child);
        }
        id
    }

    fn needs(&self) -> Needs {
        let mut needs = Needs::new();
        for (id, node) in self.nodes.iter().enumerate() {
            let imported = node.source.imports.iter().filter_map(|import| {
                let file = self.imported(id, import)?;
                Some((file, &import.path))
            });
            let named =
                node.source.paths.iter().filter_map(|path| match self.resolve(id, path, 0) {
                    Known::Target(Target::Item(file)) => Some((file, path)),
                    _ => None,
                });
            for (file, path) in imported.chain(named).filter(|(file, _)| *file != node.file) {
                let of_file = needs.entry(node.file).or_default();
                of_file.entry(file).or_insert_with(|| path.join("::"));
            }
        }
        needs
    }

    /// The file that an import needs, if it needs one of this crate.
    fn imported(&self, at: usize, import: &Import) -> Option<usize> {
        let Known::Target(target) = self.resolve(at, &import.path, 0) else { return None };
        let (file, is_below) = match target {
            Target::Item(file) => (file, self.is_below(file, at)),
            // What is used of it is named by a path of its own.
            Target::Module(_) if !import.is_glob => return None,
            Target::Module(id) => {
                let node = &self.nodes[id];
                if node.source.defined.is_empty() {
                    return None;
                }
                (node.file, self.is_below(node.file, at))
            }
        };
        (!import.is_public || !is_below).then_some(file)
    }

    /// Whether a file's module is below another module.
    fn is_below(&self, file: usize, at: usize) -> bool {
        let mut next = self.nodes.iter().position(|node| node.file == file);
        while let Some(id) = next {
            if id == at {
                return true;
            }
            next = self.nodes[id].parent;
        }
        false
    }

    /// What a path means in a module.
    fn resolve(&self, at: usize, path: &[String], depth: usize) -> Known {
        let Some((first, rest)) = path.split_first() else { return Known::Nothing };
        match first.as_str() {
            "crate" => self.walk(0, rest, depth),
            "self" => self.walk(at, rest, depth),
            "super" => self.walk(at, path, depth),
            "Self" => Known::Foreign,
            _ => self.lookup(at, first, rest, depth),
        }
    }

    /// What a path means from a module on, which must know it.
    fn walk(&self, at: usize, path: &[String], depth: usize) -> Known {
        let Some((first, rest)) = path.split_first() else {
            return Known::Target(Target::Module(at));
        };
        if first == "super" {
            return match self.nodes[at].parent {
                Some(parent) => self.walk(parent, rest, depth),
                None => Known::Nothing,
            };
        }
        match self.lookup(at, first, rest, depth) {
            // A macro defines it.
            Known::Nothing => Known::Target(Target::Item(self.nodes[at].file)),
            known => known,
        }
    }

    /// What a module knows a name as, and what comes after it.
    fn lookup(&self, at: usize, first: &str, rest: &[String], depth: usize) -> Known {
        if depth > DEPTH_MAX {
            return Known::Nothing;
        }
        let node = &self.nodes[at];
        let child = node.children.get(first).copied();
        if let Some(child) = child.filter(|_| !rest.is_empty()) {
            return self.walk(child, rest, depth + 1);
        }
        if node.source.defined.contains(first) {
            return Known::Target(Target::Item(node.file));
        }
        let imports = &node.source.imports;
        let named = imports.iter().filter(|import| import.name.as_deref() == Some(first));
        let mut is_foreign = false;
        for import in named {
            is_foreign = true;
            match self.resolve(at, &import.path, depth + 1) {
                Known::Target(Target::Module(id)) => return self.walk(id, rest, depth + 1),
                Known::Target(item) => return Known::Target(item),
                Known::Foreign | Known::Nothing => {}
            }
        }
        if is_foreign {
            return Known::Foreign;
        }
        if let Some(child) = child {
            return Known::Target(Target::Module(child));
        }
        for import in imports.iter().filter(|import| import.is_glob) {
            let Known::Target(Target::Module(id)) = self.resolve(at, &import.path, depth + 1)
            else {
                continue;
            };
            match self.lookup(id, first, rest, depth + 1) {
                Known::Nothing => {}
                known => return known,
            }
        }
        Known::Nothing
    }
}

#[cfg(test)]
mod tests;
