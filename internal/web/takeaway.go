package web

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"loam"
	"loam/internal/label"
)

func (s *Server) takeAwayRoutes() {
	s.handle("GET /api/works/{id}/log", s.creationLog)
	s.handle("GET /api/versions/{id}/pack", s.pack)
}

// creationLog gives how a work came to be, signed by this installation.
func (s *Server) creationLog(w http.ResponseWriter, r *http.Request) {
	l, err := s.Library.CreationLog(r.Context(), callerOf(r.Context()).id(), r.PathValue("id"))
	var signed []byte
	if err == nil {
		var text []byte
		if text, err = loam.Canonical(l); err == nil {
			signed, err = s.Sign(string(text) + "\n")
		}
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+l.Work+`.creation-log.txt"`)
	_, _ = w.Write(signed) // the client is gone; nothing to do
}

// packNote is note.json of a pack.
type packNote struct {
	Work        string        `json:"work"`
	Version     string        `json:"version"`
	VersionHash string        `json:"version_hash"`
	Title       string        `json:"title"`
	Body        string        `json:"body"`
	Tags        []string      `json:"tags"`
	AI          loam.AIState  `json:"ai"`
	Notice      string        `json:"notice"` // to be shown wherever it is posted; "" if nothing
	Pictures    []packPicture `json:"pictures"`
	Sound       *packSound    `json:"sound,omitempty"`
	Labels      []loam.Label  `json:"labels"`
}

type packPicture struct {
	File string `json:"file"`
	Alt  string `json:"alt"`
}

type packSound struct {
	File string `json:"file"`
	Name string `json:"name"`
}

// pack gives a labelled version as a ZIP for posting elsewhere by hand: the texts as
// separate files, the labelled pictures in order, the labelled sound, everything once more as JSON.
func (s *Server) pack(w http.ResponseWriter, r *http.Request) {
	v, err := s.own(r.Context(), r.PathValue("id"))
	if err == nil {
		err = mayTake(v)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	leave, err := s.seat(r.Context(), s.packers, s.packs, "pack.running", "pack.busy")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer leave()
	note, files := packed(v)
	for _, f := range files { // before the first byte goes out a missing file is still an error
		if f.hash == "" {
			continue
		}
		if err := s.Blobs.Has(f.hash); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="`+v.Work+"-"+strconv.Itoa(v.Number)+`.zip"`)
	if err := s.moving(w, func(w io.Writer) error { return s.zip(w, note, files) }); err != nil {
		s.log.WarnContext(r.Context(), "pack", "version", v.ID, "error", err)
		panic(http.ErrAbortHandler) // the client must not take half an archive for a whole one
	}
}

// zip writes the archive, one file in memory at a time.
func (s *Server) zip(w io.Writer, note packNote, files []packFile) error {
	z := zip.NewWriter(w)
	for _, f := range files {
		data := []byte(f.text)
		if f.hash != "" {
			var err error
			if data, err = s.Blobs.Read(f.hash); err != nil {
				return err
			}
		}
		// Pictures are compressed already: stored, so that the bytes stay the labelled ones.
		part, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Store})
		if err != nil {
			return err
		}
		if _, err := part.Write(data); err != nil {
			return err
		}
	}
	part, err := z.Create("note.json")
	if err != nil {
		return err
	}
	e := json.NewEncoder(part)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return errors.Join(e.Encode(note), z.Close())
}

// packFile is one file of a pack: a text, or a blob by its hash.
type packFile struct {
	name, text, hash string
}

// packed lists what a pack holds.
func packed(v loam.Version) (packNote, []packFile) {
	c := v.Content
	n := packNote{
		Work: v.Work, Version: v.ID, VersionHash: v.Hash, Title: c.Title, Body: c.Body, Tags: c.Tags, AI: c.AI(), Notice: Notice(c.AI()),
		Pictures: []packPicture{}, Labels: v.Labels,
	}
	title, body := c.Title, c.Body
	if said := Notice(c.TextAI); said != "" { // the mark stands in the words themselves: Labelling Measures Art. 4(1)
		title, body = title+"（"+said+"）", body+"\n\n"+said
	}
	tags := ""
	if len(c.Tags) > 0 {
		tags = "#" + strings.Join(c.Tags, " #")
	}
	files := []packFile{{name: "title.txt", text: title + "\n"}, {name: "body.txt", text: body + "\n"}, {name: "tags.txt", text: tags + "\n"}}
	for _, l := range v.Labels {
		if l.Field == label.TextField {
			files = append(files, packFile{name: "note.md", hash: l.Result})
		}
	}
	for i, a := range c.Assets {
		_, hash, _ := versionBlob(v, i+1) // i is within the assets
		name := "pictures/" + strconv.Itoa(i+1) + "." + strings.TrimPrefix(a.Type, "image/")
		files = append(files, packFile{name: name, hash: hash})
		n.Pictures = append(n.Pictures, packPicture{File: name, Alt: a.Alt})
	}
	if a := c.Sound; a != nil {
		name := "sound." + soundExt[a.Type]
		files = append(files, packFile{name: name, hash: soundBlob(v)})
		n.Sound = &packSound{File: name, Name: a.Name}
	}
	return n, files
}
