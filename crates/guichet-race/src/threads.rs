//! The race itself: clients as real threads on one set of cells. Each single read or write takes
//! the lock, as each does under the interpreter lock of the lab sheet's Python; between two of them
//! anybody may come in. The locked manager takes it once, for the whole request.
//!
//! They race in rounds: all begin together from one of the start fleets, a worker runs what is
//! queued meanwhile, and when nobody is in the middle of anything the rows are judged.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex, MutexGuard, PoisonError};
use std::thread;

use guichet_core::chance::{Chance, Purpose};
use guichet_core::limits;

use crate::anomaly::{Anomaly, Harm, judge};
use crate::case::{Case, RequestKind, STARTS};
use crate::cells::Cells;
use crate::client::Client;
use crate::interner::Interner;
use crate::opening::open;
use crate::worker::run_job;
use crate::world::World;

/// How the threads race.
#[derive(Debug, Clone, Copy)]
pub struct Threads {
    /// Clients, a thread each; at most [`limits::RACE_CLIENTS_MAX`].
    pub clients: usize,
    /// The most requests they send in all.
    pub requests: u64,
    /// What they ask for is drawn from this.
    pub seed: u64,
    /// Whether each request is under the lock.
    pub locked: bool,
    /// Whether to stop when each anomaly has shown.
    pub until_all: bool,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Raced {
    /// How many requests were sent.
    pub requests: u64,
    /// How often each anomaly was found, in the order of [`Anomaly::ALL`].
    pub found: [u64; 6],
    /// The first one of each.
    pub examples: [Option<Harm>; 6],
}

impl Raced {
    /// How many of the kinds have shown.
    pub fn kinds(&self) -> usize {
        self.found.iter().filter(|count| **count > 0).count()
    }
}

/// One round: a world and its rows.
struct Round {
    number: u64,
    world: World,
    interner: Interner,
    cells: Cells,
    raced: Raced,
}

/// What the threads share.
struct Race {
    options: Threads,
    /// Held by whoever reads or writes cells, for one step (one request, if locked); never while
    /// waiting at the barrier.
    round: Mutex<Round>,
    /// Everybody begins a round, and ends it, together: the clients and the worker.
    barrier: Barrier,
    /// Clients that are through with this round. Acquire and release: when the worker has seen
    /// them all through, it also sees the last job that any of them queued.
    through: AtomicUsize,
    /// No more rounds. Written between two meetings at the barrier, which orders it.
    over: AtomicBool,
    /// Held by whoever starts the threads until all of them are there.
    gate: Mutex<()>,
}

/// Races until each anomaly has shown or the requests are used up.
///
/// # Errors
/// If the system gives no more threads.
pub fn race(options: Threads) -> io::Result<Raced> {
    let clients = options.clients.clamp(1, limits::RACE_CLIENTS_MAX);
    let options = Threads { clients, ..options };
    let race = Race {
        options,
        round: Mutex::new(Round::first(options)),
        barrier: Barrier::new(clients + 1),
        through: AtomicUsize::new(0),
        over: AtomicBool::new(false),
        gate: Mutex::new(()),
    };
    thread::scope(|scope| {
        let gate = race.gate.lock().unwrap_or_else(PoisonError::into_inner);
        for index in 0..=clients {
            let race = &race;
            let started = thread::Builder::new()
                .name(format!("race-{index}"))
                .stack_size(limits::THREAD_STACK_BYTES)
                .spawn_scoped(scope, move || race.run(index));
            if let Err(error) = started {
                // Those already there wait at the gate, and go home through it.
                race.over.store(true, Ordering::Relaxed);
                return Err(error);
            }
        }
        drop(gate);
        Ok(())
    })?;
    Ok(race.round.into_inner().unwrap_or_else(PoisonError::into_inner).raced)
}

impl Race {
    /// One thread: the clients are 0 to `clients - 1`, the worker is the last.
    fn run(&self, index: usize) {
        drop(self.gate.lock().unwrap_or_else(PoisonError::into_inner));
        while !self.over.load(Ordering::Relaxed) {
            self.barrier.wait();
            if index < self.options.clients {
                self.client(index);
                self.through.fetch_add(1, Ordering::Release);
            } else {
                self.worker();
            }
            if self.barrier.wait().is_leader() {
                self.judge();
            }
            // Nobody looks at `over` before the leader has set it.
            self.barrier.wait();
        }
    }

    fn round(&self) -> MutexGuard<'_, Round> {
        self.round.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A client's requests of one round.
    fn client(&self, index: usize) {
        let mut client = Client::default();
        let number = self.round().number;
        let chance = Chance::new(self.options.seed);
        // Somewhere in its round it is held up, as a thread is whose time slice is over.
        let held_up = chance.bits(Purpose::Think, index as u64, number, 0) % HELD_UP_WITHIN;
        for step in 0.. {
            let mut round = self.round();
            let Round { world, interner, cells, .. } = &mut *round;
            let program = &world.programs[index];
            let went_on = if self.options.locked {
                client.request(world, program, interner, cells).is_some()
            } else {
                client.step(world, program, interner, cells).is_some()
            };
            drop(round);
            if !went_on {
                return;
            }
            for _ in 0..if step == held_up { HELD_UP_TURNS } else { 1 } {
                thread::yield_now();
            }
        }
    }

    /// Runs what is queued until all clients are through.
    fn worker(&self) {
        loop {
            let all_through = self.through.load(Ordering::Acquire) == self.options.clients;
            let mut round = self.round();
            let Round { world, interner, cells, .. } = &mut *round;
            let ran = run_job(cells, world, interner).is_some();
            drop(round);
            if all_through && !ran {
                return;
            }
            thread::yield_now();
        }
    }

    /// Judges a round that is over and sets up the next one.
    fn judge(&self) {
        let mut round = self.round();
        let Round { world, interner, cells, raced, .. } = &mut *round;
        for harm in judge(world, interner, cells) {
            let kind = harm.kind() as usize;
            raced.found[kind] += 1;
            raced.examples[kind].get_or_insert(harm);
        }
        raced.requests += per_round(self.options);
        let all_shown = self.options.until_all && raced.kinds() == Anomaly::ALL.len();
        let used_up = raced.requests + per_round(self.options) > self.options.requests;
        self.over.store(all_shown || used_up, Ordering::Relaxed);
        self.through.store(0, Ordering::Relaxed);
        round.next(self.options);
    }
}

/// A round is about so many steps of one client.
const HELD_UP_WITHIN: u64 = 20;
/// Turns that a client that is held up leaves to the others.
const HELD_UP_TURNS: usize = 30;

/// Requests of one round.
const fn per_round(options: Threads) -> u64 {
    (options.clients * limits::RACE_REQUESTS_PER_ROUND) as u64
}

impl Round {
    fn first(options: Threads) -> Self {
        let world = World::new(&case(options, 0));
        let (interner, cells) = open(&world);
        Self { number: 0, world, interner, cells, raced: Raced::default() }
    }

    fn next(&mut self, options: Threads) {
        self.number += 1;
        self.world = World::new(&case(options, self.number));
        (self.interner, self.cells) = open(&self.world);
    }
}

/// What is asked for in a round: each start fleet in turn, requests drawn for each client.
fn case(options: Threads, round: u64) -> Case {
    let chance = Chance::new(options.seed);
    let clients = 0..options.clients as u64;
    let programs = clients.map(|client| {
        let requests = 0..limits::RACE_REQUESTS_PER_ROUND as u64;
        let drawn = requests.map(|n| chance.bits(Purpose::Action, client, round, n));
        drawn
            .map(|bits| RequestKind::ALL[(bits % RequestKind::ALL.len() as u64) as usize])
            .collect()
    });
    let programs = programs.collect();
    Case { start: &STARTS[(round % STARTS.len() as u64) as usize], programs }
}
