package demo

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"time"

	"gopkg.in/yaml.v3"

	"loam"
)

//go:embed content/*.yaml
var files embed.FS

// The handles of the people whom anybody may be on a demo server, beside Demo's own.
const (
	Demo      = "demo"
	Reviewer  = "reviewer"
	Reviewer2 = "reviewer2"
	Operator  = "operator"
	Auditor   = "auditor"
	Admin     = "admin"
)

// Content is the whole community as it was written down.
type Content struct {
	People []Person
	Notes  []Note
	Series []Series // written out among Notes

	Comments []Remark
}

// Person is somebody of the community. Voice is for whoever writes her next note: how she
// talks; nothing shows it.
type Person struct {
	Handle string
	Name   string
	Bio    string
	Voice  string
	Roles  []loam.Role
	NoAI   bool `yaml:"no_ai"`
}

// Account is the person as a server keeps her; who has no roles is a creator.
func (p Person) Account() loam.Account {
	roles := p.Roles
	if len(roles) == 0 {
		roles = []loam.Role{loam.Creator}
	}
	return loam.Account{Handle: p.Handle, Name: p.Name, Bio: p.Bio, Roles: roles, NoAI: p.NoAI, Demo: true}
}

// Note is one note: what its creator typed at first, what became of it, and what happened
// to it afterwards.
type Note struct {
	Key  string // its name, once and for all
	By   string // handle of its creator
	Kind loam.NoteKind
	Ago  time.Duration

	Idea    string        // the messy input
	Answers []loam.Answer // to the writer's questions
	Title   string        // at most 20 by the platform's count
	Sub     string        // the second line of a drawn cover
	Body    string
	Tags    []string
	Style   string // of the pages that are drawn
	Photo   *Scene // the cover's, if it is not drawn
	Alt     string // what the photo shows
	Pages   []Page // behind the cover

	Uses    []loam.Use       // allowed beyond index and recommend
	Sponsor loam.Sponsorship // her answer to 自费还是送的
	Model   bool             // a model wrote the body
	AI      bool             // declared by its creator

	Series     bool        `yaml:"-"` // one of a Series, not written by hand
	Unfinished bool        // a draft, not yet sent
	After      string      // key of the note that must be out before
	Screen     loam.Action // what screening its words comes to; "" is allow
	Reports    []Complaint
	Removed    *Removal
	Ruled      *Ruled // its case was decided
	Escalated  string // handle of the reviewer who passed its case on to a second one
}

// Page is a page behind the cover; a photo page has a Scene instead of an asset.
type Page struct {
	loam.Page `yaml:",inline"`
	Scene     *Scene
	Alt       string
}

// Complaint is what a reader reports a note for.
type Complaint struct {
	Risk loam.Risk
	Text string
}

// Removal is a takedown, and what the creator says to it if she appeals.
type Removal struct {
	Risk   loam.Risk
	Note   string
	Ago    time.Duration
	Waited time.Duration // from the complaint to the takedown
	Appeal string
}

// Ruled is what a reviewer decided of a case, how long it had waited for her and how long
// she looked at it.
type Ruled struct {
	By      string
	Ruling  loam.Ruling
	Reason  string
	Note    string
	Ago     time.Duration
	Waited  time.Duration
	Seconds int64
}

// Load reads the content, once.
func Load() (Content, error) { return load() }

var load = sync.OnceValues(func() (Content, error) {
	var c Content
	names, err := fs.Glob(files, "content/*.yaml")
	if err != nil {
		return c, err
	}
	for _, name := range names {
		var part Content
		data, err := files.Open(name)
		if err != nil {
			return c, err
		}
		d := yaml.NewDecoder(data)
		d.KnownFields(true)
		if err := d.Decode(&part); err != nil {
			return c, fmt.Errorf("%s: %w", name, err)
		}
		c.People = append(c.People, part.People...)
		c.Notes = append(c.Notes, part.Notes...)
		c.Series = append(c.Series, part.Series...)
		c.Comments = append(c.Comments, part.Comments...)
	}
	for i, s := range c.Series {
		notes, err := s.Notes(i, len(c.Series))
		if err != nil {
			return c, err
		}
		c.Notes = append(c.Notes, notes...)
	}
	slices.SortStableFunc(c.Notes, func(a, b Note) int { return cmp.Or(cmp.Compare(a.Ago, b.Ago), cmp.Compare(a.Key, b.Key)) })
	return c, nil
})

// split parts the notes a server must have before it is ready, from the rest: the newest,
// and all that something happens to.
func (c Content) split() (first, rest []Note) {
	needed := map[string]bool{}
	for _, n := range c.Notes {
		if n.After != "" {
			needed[n.After] = true
		}
	}
	for i, n := range c.Notes {
		eventful := n.Unfinished || n.After != "" || n.Screen != "" || len(n.Reports) > 0 && n.Ruled == nil || n.Removed != nil
		if i < firstScreen || eventful || needed[n.Key] {
			first = append(first, n)
		} else {
			rest = append(rest, n)
		}
	}
	return first, rest
}
