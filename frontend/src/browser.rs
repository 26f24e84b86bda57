//! The few things asked of the browser that have no typed component: cookies, focus, clipboard, local time.
//! Each is a quiet no-op while the server renders.

pub mod file;

/// The page's cookies that scripts may read; empty on the server.
pub fn cookies() -> String {
    #[cfg(target_arch = "wasm32")]
    {
        use wasm_bindgen::JsCast;
        let document = leptos::prelude::document();
        let html: Option<&web_sys::HtmlDocument> = document.dyn_ref();
        html.and_then(|d| d.cookie().ok()).unwrap_or_default()
    }
    #[cfg(not(target_arch = "wasm32"))]
    String::new()
}

/// Keeps a preference for a year.
pub fn set_cookie(name: &str, value: &str) {
    #[cfg(target_arch = "wasm32")]
    {
        use wasm_bindgen::JsCast;
        let document = leptos::prelude::document();
        if let Some(html) = document.dyn_ref::<web_sys::HtmlDocument>() {
            let text = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax");
            // A browser that refuses cookies loses the preference, not the page.
            let _ = html.set_cookie(&text);
        }
    }
    #[cfg(not(target_arch = "wasm32"))]
    let _ = (name, value);
}

/// What the browser keeps under a name; nothing on the server, or where a browser keeps nothing.
pub fn remembered(name: &str) -> Option<String> {
    #[cfg(target_arch = "wasm32")]
    {
        leptos::prelude::window().local_storage().ok().flatten()?.get_item(name).ok().flatten()
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        let _ = name;
        None
    }
}

/// Keeps a preference that the server need not know.
pub fn remember(name: &str, value: &str) {
    #[cfg(target_arch = "wasm32")]
    if let Ok(Some(storage)) = leptos::prelude::window().local_storage() {
        // A browser that keeps nothing loses the preference, not the page.
        let _ = storage.set_item(name, value);
    }
    #[cfg(not(target_arch = "wasm32"))]
    let _ = (name, value);
}

/// The reader's time zone by its IANA name; empty on the server, or where a browser does not say.
pub fn time_zone() -> String {
    #[cfg(target_arch = "wasm32")]
    {
        let format = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new());
        let zone = js_sys::Reflect::get(&format.resolved_options(), &"timeZone".into());
        zone.ok().and_then(|zone| zone.as_string()).unwrap_or_default()
    }
    #[cfg(not(target_arch = "wasm32"))]
    String::new()
}

/// Puts a class on `<html>` in place of every other one with the same prefix.
pub fn set_root_class(prefix: &str, value: &str) {
    #[cfg(target_arch = "wasm32")]
    if let Some(root) = leptos::prelude::document().document_element() {
        let kept: Vec<_> = root
            .class_name()
            .split_whitespace()
            .filter(|c| !c.starts_with(prefix))
            .map(str::to_owned)
            .collect();
        root.set_class_name(format!("{} {prefix}{value}", kept.join(" ")).trim());
    }
    #[cfg(not(target_arch = "wasm32"))]
    let _ = (prefix, value);
}

/// Says that the page has been taken over: tests and styles wait for it.
pub fn mark_hydrated() {
    #[cfg(target_arch = "wasm32")]
    if let Some(body) = leptos::prelude::document().body() {
        let _ = body.dataset().set("hydrated", "true");
    }
}

/// Moves the focus to the element with this id.
pub fn focus(id: &str) {
    #[cfg(target_arch = "wasm32")]
    {
        use wasm_bindgen::JsCast;
        if let Some(element) = leptos::prelude::document().get_element_by_id(id)
            && let Some(element) = element.dyn_ref::<web_sys::HtmlElement>()
        {
            let _ = element.focus();
        }
    }
    #[cfg(not(target_arch = "wasm32"))]
    let _ = id;
}

/// Makes the element with this id so many pixels high.
pub fn set_height(id: &str, pixels: f64) {
    #[cfg(target_arch = "wasm32")]
    {
        use wasm_bindgen::JsCast;
        if let Some(element) = leptos::prelude::document().get_element_by_id(id)
            && let Some(element) = element.dyn_ref::<web_sys::HtmlElement>()
        {
            // Whole ones: the code that writes fractions is 8 kB. A height is always understood.
            #[expect(clippy::cast_possible_truncation, reason = "no element is two billion pixels high")]
            let _ = element.style().set_property("height", &format!("{}px", pixels.round() as i32));
        }
    }
    #[cfg(not(target_arch = "wasm32"))]
    let _ = (id, pixels);
}

/// Scrolls what is around the element with this id sideways until it stands in the middle, or as near as it can.
pub fn center(id: &str) {
    #[cfg(target_arch = "wasm32")]
    {
        use wasm_bindgen::JsCast;
        if let Some(element) = leptos::prelude::document().get_element_by_id(id)
            && let Some(row) = element.parent_element()
            && let Some(element) = element.dyn_ref::<web_sys::HtmlElement>()
        {
            let (own, around) = (element.get_bounding_client_rect(), row.get_bounding_client_rect());
            let off = (own.left() + own.width() / 2.0) - (around.left() + around.width() / 2.0);
            #[expect(clippy::cast_possible_truncation, reason = "pixels of a screen")]
            row.set_scroll_left(row.scroll_left() + off as i32);
        }
    }
    #[cfg(not(target_arch = "wasm32"))]
    let _ = id;
}

/// Copies text to the clipboard; false when the browser refuses.
pub async fn copy(text: String) -> bool {
    #[cfg(target_arch = "wasm32")]
    {
        let promise = leptos::prelude::window().navigator().clipboard().write_text(&text);
        send_wrapper::SendWrapper::new(wasm_bindgen_futures::JsFuture::from(promise)).await.is_ok()
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        drop(text);
        false
    }
}

/// An instant in the reader's time zone, `2026-11-21 18:02`; only after hydration.
pub fn local_time(millis: i64) -> String {
    #[cfg(target_arch = "wasm32")]
    {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of any real date are far below 2^53")]
        let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(millis as f64));
        format!(
            "{:04}-{:02}-{:02} {:02}:{:02}",
            date.get_full_year(),
            date.get_month() + 1,
            date.get_date(),
            date.get_hours(),
            date.get_minutes()
        )
    }
    #[cfg(not(target_arch = "wasm32"))]
    rollcall_shared::time::Timestamp::from_millis(millis).to_string().replace('T', " ")[..16].to_owned()
}

/// Where the browser found the server: `https://console.example.org`; empty on the server.
pub fn origin() -> String {
    #[cfg(target_arch = "wasm32")]
    {
        leptos::prelude::window().location().origin().unwrap_or_default()
    }
    #[cfg(not(target_arch = "wasm32"))]
    String::new()
}

/// Whether nobody sees the page: another tab is in front.
pub fn is_hidden() -> bool {
    #[cfg(target_arch = "wasm32")]
    {
        leptos::prelude::document().hidden()
    }
    #[cfg(not(target_arch = "wasm32"))]
    false
}

/// The browser's clock, in milliseconds since the epoch; 0 on the server, where nothing may depend on it.
pub fn now_millis() -> i64 {
    #[cfg(target_arch = "wasm32")]
    {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "milliseconds of any real date are whole and small"
        )]
        let now = js_sys::Date::now() as i64;
        now
    }
    #[cfg(not(target_arch = "wasm32"))]
    0
}

/// A hard-to-guess id, for Idempotency-Key.
pub fn random_id() -> String {
    #[cfg(target_arch = "wasm32")]
    {
        let mut bytes = [0_u8; 16];
        if let Ok(crypto) = leptos::prelude::window().crypto() {
            let _ = crypto.get_random_values_with_u8_array(&mut bytes);
        }
        bytes.iter().map(|b| format!("{b:02x}")).collect()
    }
    #[cfg(not(target_arch = "wasm32"))]
    String::new()
}

/// Where a stylesheet of the bundle is that only some pages need: beside those that every page has.
pub fn style(name: &str) -> String {
    #[cfg(target_arch = "wasm32")]
    let known = leptos::prelude::document()
        .query_selector("link[rel=stylesheet]")
        .ok()
        .flatten()
        .and_then(|link| link.get_attribute("href"));
    #[cfg(not(target_arch = "wasm32"))]
    let known = leptos::prelude::use_context::<crate::server::PkgDir>().map(|dir| format!("/{}/", dir.0));
    let folder = known.as_deref().and_then(|path| path.rsplit_once('/')).map_or("", |(folder, _)| folder);
    format!("{folder}/{name}.css")
}

/// A number that nobody else is likely to choose.
pub fn random_number() -> u32 {
    u32::from_str_radix(random_id().get(..8).unwrap_or_default(), 16).unwrap_or_default()
}

/// Leaves the application for another page of the server.
pub fn go(url: &str) {
    #[cfg(target_arch = "wasm32")]
    {
        let _ = leptos::prelude::window().location().set_href(url);
    }
    #[cfg(not(target_arch = "wasm32"))]
    let _ = url;
}

/// Has the browser save a file.
pub fn save(name: &str, bytes: &[u8]) {
    #[cfg(target_arch = "wasm32")]
    {
        use wasm_bindgen::JsCast;
        let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
        let url = web_sys::Blob::new_with_u8_array_sequence(&parts)
            .and_then(|blob| web_sys::Url::create_object_url_with_blob(&blob));
        let link = leptos::prelude::document().create_element("a").ok();
        if let (Ok(url), Some(link)) =
            (url, link.and_then(|a| a.dyn_into::<web_sys::HtmlAnchorElement>().ok()))
        {
            link.set_href(&url);
            link.set_download(name);
            // The console's router must not take it for a link to a page.
            link.set_rel("external");
            link.click();
            // The download has its own hold on what it saves.
            let _ = web_sys::Url::revoke_object_url(&url);
        }
    }
    #[cfg(not(target_arch = "wasm32"))]
    let _ = (name, bytes);
}

/// Runs a future in the browser. Handlers never run on the server.
pub fn spawn(future: impl Future<Output = ()> + 'static) {
    #[cfg(target_arch = "wasm32")]
    wasm_bindgen_futures::spawn_local(future);
    #[cfg(not(target_arch = "wasm32"))]
    drop(future);
}

/// Waits.
pub async fn sleep(millis: u32) {
    #[cfg(target_arch = "wasm32")]
    send_wrapper::SendWrapper::new(gloo::timers::future::TimeoutFuture::new(millis)).await;
    #[cfg(not(target_arch = "wasm32"))]
    let _ = millis;
}
