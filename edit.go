package loam

import "slices"

// Act is what changed a Draft.
type Act string

// The acts. Only an Edit is typed; the others are something she let the studio do.
const (
	ActBegin   Act = "begin"
	ActEdit    Act = "edit"
	ActArrange Act = "arrange" // anew with her answers, kind or choices
	ActAgain   Act = "again"   // one part another way
	ActPage    Act = "page"    // one page another way
	ActRewrite Act = "rewrite" // a rewrite taken over
	ActMend    Act = "mend"    // brought within the limits
	ActUndo    Act = "undo"
	ActRestore Act = "restore" // an earlier draft brought back
)

// Edit is one change of a Draft: what changed it and what of it, how its words were shared then, and the hash
// of the whole Draft. Kept is true while the Draft itself can still be brought back: of each
// minute the last one that was typed is, and every one before and after another act.
type Edit struct {
	Revision int64    `json:"revision"`
	At       int64    `json:"at"`
	Act      Act      `json:"act" enum:"begin,edit,arrange,again,page,rewrite,mend,undo,restore"`
	Fields   []string `json:"fields"` // idea, kind, title, body, tags, pages, style, brand, pictures, sound, answers
	Hash     string   `json:"hash"`
	Share    Share    `json:"share"`
	Kept     bool     `json:"kept"`
}

// Changed names what differs between two drafts, in the order a page shows them.
func Changed(a, b Draft) []string {
	out := []string{}
	add := func(name string, same bool) {
		if !same {
			out = append(out, name)
		}
	}
	add("idea", a.Idea == b.Idea)
	add("kind", a.Kind == b.Kind)
	add("title", Plain(a.Title) == Plain(b.Title))
	add("body", Plain(a.Body) == Plain(b.Body))
	add("tags", slices.Equal(a.Tags, b.Tags))
	add("pages", same(a.Pages, b.Pages))
	add("style", a.Style == b.Style)
	add("brand", same(a.Brand, b.Brand))
	add("pictures", slices.Equal(a.Pictures, b.Pictures))
	add("sound", same(a.Sound, b.Sound))
	add("answers", slices.Equal(a.Answers, b.Answers))
	return out
}

// same compares by canonical JSON, whatever fields a type will have.
func same(a, b any) bool {
	x, err := Canonical(a)
	y, err2 := Canonical(b)
	return err == nil && err2 == nil && string(x) == string(y)
}

// DraftHash is SHA-256 of "loam.draft.v1\n" and the RFC 8785 JSON of a Draft, in hex.
func DraftHash(d Draft) (string, error) { return hashOf("loam.draft.v1\n", d) }

// Template is a shape a creator saved to begin other notes with: the kind, the look, the
// brand and the topics of one of hers, and, if she chose so, its pages.
type Template struct {
	ID    string       `json:"id"`
	Name  string       `json:"name"`
	At    int64        `json:"at"`
	Shape TemplateForm `json:"shape"`
}

// TemplateForm is what a Template keeps.
type TemplateForm struct {
	Kind  NoteKind `json:"kind"`
	Style string   `json:"style"`
	Brand *Brand   `json:"brand,omitempty"`
	Tags  []string `json:"tags"`
	Pages []Page   `json:"pages"` // none: the writer lays them
}

// CreationLog is how a Work came to be: what its creator gave and chose, what was asked of
// models and what they answered, every change, every Version with its hashes. Courts ask a
// creator for evidence of the process; the installation signs it as a C2SP signed note.
type CreationLog struct {
	Format      string       `json:"format"` // CreationLogFormat
	Work        string       `json:"work"`
	Creator     string       `json:"creator"` // her handle
	Made        int64        `json:"made"`    // when this was written
	Draft       Draft        `json:"draft"`   // as it stands
	Edits       []Edit       `json:"edits"`
	Generations []Generation `json:"generations"`
	Versions    []Version    `json:"versions"`
	Pictures    []Asset      `json:"pictures"` // hers, used in the draft
	Sound       *Asset       `json:"sound,omitempty"`
}

// CreationLogFormat names the shape of a CreationLog.
const CreationLogFormat = "loam.creation-log.v1"
