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
	Labels      []loam.Label  `json:"labels"`
}

type packPicture struct {
	File string `json:"file"`
	Alt  string `json:"alt"`
}

// pack gives a labelled version as a ZIP for posting elsewhere by hand: the texts as
// separate files, the labelled pictures in order, everything once more as JSON.
func (s *Server) pack(w http.ResponseWriter, r *http.Request) {
	v, err := s.own(r.Context(), r.PathValue("id"))
	if err == nil && !v.Labelled {
		err = loam.Fail(loam.Conflict, "confirm.not_ready") // nothing leaves without its labels
	}
	if err == nil && (v.State == loam.Refused || v.State == loam.Removed) {
		err = loam.Fail(loam.Conflict, "pack.held")
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	note, files, err := s.packed(v)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="`+v.Work+"-"+strconv.Itoa(v.Number)+`.zip"`)
	z := zip.NewWriter(w)
	for _, f := range files {
		// Pictures are compressed already: stored, so that the bytes stay the labelled ones.
		var part io.Writer
		if part, err = z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Store}); err == nil {
			_, err = part.Write(f.data)
		}
		if err != nil {
			break // the client is gone: the rest would go nowhere
		}
	}
	if err == nil {
		var part io.Writer
		if part, err = z.Create("note.json"); err == nil {
			e := json.NewEncoder(part)
			e.SetIndent("", "  ")
			e.SetEscapeHTML(false)
			err = e.Encode(note)
		}
	}
	if err = errors.Join(err, z.Close()); err != nil {
		s.log.DebugContext(r.Context(), "pack", "version", v.ID, "error", err)
	}
}

type packFile struct {
	name string
	data []byte
}

// packed reads everything before the first byte goes out, so that a missing blob is an
// error and not half an archive.
func (s *Server) packed(v loam.Version) (packNote, []packFile, error) {
	c := v.Content
	n := packNote{
		Work: v.Work, Version: v.ID, VersionHash: v.Hash, Title: c.Title, Body: c.Body, Tags: c.Tags, AI: c.AI(), Notice: Notice(c.AI()),
		Pictures: []packPicture{}, Labels: v.Labels,
	}
	body := c.Body
	if c.TextAI != loam.NotAI { // the mark stands in the words themselves: Labelling Measures Art. 4(1)
		body += "\n\n" + Notice(c.TextAI)
	}
	tags := ""
	if len(c.Tags) > 0 {
		tags = "#" + strings.Join(c.Tags, " #")
	}
	files := []packFile{{"title.txt", []byte(c.Title + "\n")}, {"body.txt", []byte(body + "\n")}, {"tags.txt", []byte(tags + "\n")}}
	for _, l := range v.Labels {
		if l.Field == label.TextField {
			data, err := s.Blobs.Read(l.Result)
			if err != nil {
				return n, nil, err
			}
			files = append(files, packFile{"note.md", data})
		}
	}
	for i := range c.Assets {
		a, hash, err := versionBlob(v, i+1)
		if err != nil {
			return n, nil, err
		}
		data, err := s.Blobs.Read(hash)
		if err != nil {
			return n, nil, err
		}
		name := "pictures/" + strconv.Itoa(i+1) + "." + strings.TrimPrefix(a.Type, "image/")
		files = append(files, packFile{name, data})
		n.Pictures = append(n.Pictures, packPicture{File: name, Alt: a.Alt})
	}
	return n, files, nil
}
