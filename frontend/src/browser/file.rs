//! Files that the operator chose or dropped. Their content stays with the browser, which reads it while it is sent.

use leptos::ev;

/// A file that was chosen.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name, without a folder.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    #[cfg(target_arch = "wasm32")]
    content: send_wrapper::SendWrapper<web_sys::File>,
}

#[cfg(target_arch = "wasm32")]
thread_local! {
    static HELD: std::cell::RefCell<Option<(String, File)>> = const { std::cell::RefCell::new(None) };
}

#[cfg(target_arch = "wasm32")]
impl File {
    /// The bytes from `from` to before `to`, not read yet.
    pub(crate) fn part(&self, from: u64, to: u64) -> Option<web_sys::Blob> {
        #[expect(clippy::cast_precision_loss, reason = "files of browsers are far below 2^53 bytes")]
        let (from, to) = (from as f64, to as f64);
        self.content.slice_with_f64_and_f64(from, to).ok()
    }

    fn of(list: Option<web_sys::FileList>) -> Vec<Self> {
        let files = list.into_iter().flat_map(|list| (0..list.length()).filter_map(move |at| list.get(at)));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "sizes are whole and not below zero"
        )]
        let file = |content: web_sys::File| Self {
            name: content.name(),
            bytes: content.size() as u64,
            content: send_wrapper::SendWrapper::new(content),
        };
        files.map(file).collect()
    }
}

/// The files of the input that changed. The input forgets them, so that the same one can be chosen again.
pub fn chosen(event: &ev::Event) -> Vec<File> {
    #[cfg(target_arch = "wasm32")]
    {
        use wasm_bindgen::JsCast;
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let files = input.as_ref().map(|input| File::of(input.files())).unwrap_or_default();
        if let Some(input) = input {
            input.set_value("");
        }
        files
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        let _ = event;
        Vec::new()
    }
}

/// The files that were dropped.
pub fn dropped(event: &ev::DragEvent) -> Vec<File> {
    #[cfg(target_arch = "wasm32")]
    {
        File::of(event.data_transfer().and_then(|data| data.files()))
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        let _ = event;
        Vec::new()
    }
}

/// Holds the file that is sent under this name, until another is held or the page is loaded anew.
pub fn hold(name: &str, file: File) {
    #[cfg(target_arch = "wasm32")]
    HELD.set(Some((name.to_owned(), file)));
    #[cfg(not(target_arch = "wasm32"))]
    let _ = (name, file);
}

/// The file that is held under this name.
pub fn held(name: &str) -> Option<File> {
    #[cfg(target_arch = "wasm32")]
    {
        HELD.with_borrow(|held| held.as_ref().filter(|(of, _)| of == name).map(|(_, file)| file.clone()))
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        let _ = name;
        None
    }
}
