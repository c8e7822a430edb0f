//! What keys do.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::view::{Panel, View};

/// Does what a key is for. False if it is to quit.
pub(super) fn press(view: &mut View, key: KeyEvent) -> bool {
    if key.kind == KeyEventKind::Release {
        return true;
    }
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return !matches!(key.code, KeyCode::Char('c' | 'C'));
    }
    match key.code {
        KeyCode::Char('q' | 'Q') => return false,
        // What lies in front goes first.
        KeyCode::Esc if view.is_helped => view.is_helped = false,
        KeyCode::Esc => return false,
        KeyCode::Char('?' | 'h') => view.is_helped = !view.is_helped,
        KeyCode::Char('p' | ' ') => view.is_paused = !view.is_paused,
        KeyCode::Char('s') => view.next_order(),
        KeyCode::Enter => view.is_whole = !view.is_whole,
        KeyCode::Tab | KeyCode::Right => view.focus = view.focus.moved(1),
        KeyCode::BackTab | KeyCode::Left => view.focus = view.focus.moved(Panel::ALL.len() - 1),
        KeyCode::Down => view.choose(1),
        KeyCode::Up => view.choose(-1),
        KeyCode::PageDown => view.choose(10),
        KeyCode::PageUp => view.choose(-10),
        _ => {}
    }
    true
}
