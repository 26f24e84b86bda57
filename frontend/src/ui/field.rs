//! Labelled inputs with a hint, a rule's error and a byte counter. What the rules are is the form's business.

use leptos::{ev, html, oco::Oco, prelude::*};

/// A text field. Its id also names its error (`{id}-error`), which a screen reader reads with it.
#[component]
pub fn TextField(
    /// The element's id, unique on the page.
    #[prop(into)]
    id: Oco<'static, str>,
    /// The label above it.
    #[prop(into)]
    label: Signal<String>,
    /// The text.
    value: RwSignal<String>,
    /// What is wrong, if anything.
    #[prop(into, default = Signal::stored(None))]
    error: Signal<Option<String>>,
    /// What to enter, while nothing is wrong.
    #[prop(into, default = Signal::stored(String::new()))]
    hint: Signal<String>,
    /// The most bytes; shows a counter.
    #[prop(optional)]
    max_bytes: Option<usize>,
    /// The input's type.
    #[prop(default = "text")]
    kind: &'static str,
    /// What browsers and password managers may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Whether it takes two columns.
    #[prop(optional)]
    wide: bool,
    /// Whether something must be entered.
    #[prop(optional)]
    required: bool,
    /// Called after each change by the operator.
    #[prop(into, default = Callback::new(|()| ()))]
    on_edit: Callback<()>,
) -> impl IntoView {
    let note = format!("{id}-note");
    let node = NodeRef::<html::Input>::new();
    keep_in_step(node, value, on_edit);
    let edit = move |event: ev::Event| {
        value.set(event_target_value(&event));
        on_edit.run(());
    };
    let counter = max_bytes.map(|max| {
        view! { <span class="num">{move || format!("{} / {max} bytes", value.with(String::len))}</span> }
    });
    view! {
        <div class="field" class:wide=wide class:bad=move || error.with(Option::is_some)>
            <label for=id.clone()>{move || label.get()}</label>
            <input
                id=id.clone()
                type=kind
                autocomplete=autocomplete
                spellcheck="false"
                dir="auto"
                required=required
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=note.clone()
                value=value.get_untracked()
                node_ref=node
                on:input=edit
            />
            <small id=note>
                <span class="message">{move || error.get().unwrap_or_else(|| hint.get())}</span>
                {counter}
            </small>
        </div>
    }
}

/// A text of several lines.
#[component]
pub fn TextArea(
    /// The element's id.
    id: &'static str,
    /// The label above it.
    label: &'static str,
    /// The text.
    value: RwSignal<String>,
    /// What is wrong, if anything.
    error: RwSignal<Option<String>>,
    /// The most bytes; shows a counter.
    max_bytes: usize,
    /// Called after each change by the operator.
    on_edit: Callback<()>,
) -> impl IntoView {
    let note = format!("{id}-note");
    let node = NodeRef::<html::Textarea>::new();
    // As with the input below: what was typed before the page was taken over stays.
    Effect::new(move |before: Option<()>| {
        let wanted = value.get();
        let Some(area) = node.get() else { return };
        let shown = area.value();
        if before.is_none() && !shown.is_empty() {
            value.set(shown);
        } else if shown != wanted {
            area.set_value(&wanted);
        }
    });
    let edit = move |event: ev::Event| {
        value.set(event_target_value(&event));
        on_edit.run(());
    };
    view! {
        <div class="field" class:bad=move || error.with(Option::is_some)>
            <label for=id>{label}</label>
            <textarea
                id=id
                rows="4"
                dir="auto"
                required=true
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=note.clone()
                node_ref=node
                on:input=edit
            ></textarea>
            <small id=note>
                <span class="message">{move || error.get()}</span>
                <span class="num">{move || format!("{} / {max_bytes} bytes", value.with(String::len))}</span>
            </small>
        </div>
    }
}

/// The text follows the input and the input the text, except that what was typed before the page was taken over
/// stays: a property would overwrite it.
fn keep_in_step(node: NodeRef<html::Input>, value: RwSignal<String>, on_edit: Callback<()>) {
    Effect::new(move |before: Option<()>| {
        let wanted = value.get();
        let Some(input) = node.get() else { return };
        let shown = input.value();
        if before.is_none() && shown != input.default_value() {
            value.set(shown);
            on_edit.run(());
        } else if shown != wanted {
            input.set_value(&wanted);
        }
    });
}

/// A choice out of a few, as the browser's own select.
#[component]
pub fn SelectField(
    /// The element's id.
    #[prop(into)]
    id: Oco<'static, str>,
    /// The label above it.
    #[prop(into)]
    label: Signal<String>,
    /// The chosen option's value.
    value: RwSignal<String>,
    /// Values and their labels.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// Called after each change by the operator.
    #[prop(into, default = Callback::new(|()| ()))]
    on_edit: Callback<()>,
) -> impl IntoView {
    let edit = move |event: ev::Event| {
        value.set(event_target_value(&event));
        on_edit.run(());
    };
    let option = move |(key, label): (String, String)| {
        let chosen = value.with_untracked(|v| *v == key);
        let own = key.clone();
        view! { <option value=key selected=chosen prop:selected=move || value.with(|v| *v == own)>{label}</option> }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{move || label.get()}</label>
            <select id=id.clone() on:change=edit>
                {move || options.get().into_iter().map(option).collect_view()}
            </select>
        </div>
    }
}

/// A value that cannot be edited, shown as a field.
#[component]
pub fn ReadOnlyField(
    /// The element's id.
    id: &'static str,
    /// The label above it.
    label: &'static str,
    /// The value.
    #[prop(into)]
    value: Signal<String>,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input id=id readonly prop:value=move || value.get() />
        </div>
    }
}
