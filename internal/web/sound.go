package web

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"loam"
	"loam/internal/media"
)

// soundExt are the endings of files of sound by their type.
var soundExt = map[string]string{
	string(media.MP3): "mp3", string(media.M4A): "m4a", string(media.WAV): "wav", string(media.FLAC): "flac", string(media.OGG): "ogg",
}

// SoundView is where a version's sound is played, and what its label says.
type SoundView struct {
	URL    string       `json:"url"`
	Type   string       `json:"type"`
	Name   string       `json:"name"`
	Millis int64        `json:"millis"`
	AI     loam.AIState `json:"ai"`
	Notice string       `json:"notice"` // beside the player; "" if nothing is known
}

// soundView is the sound of a version that is fetched at url, nil if it has none.
func soundView(lang string, c loam.Content, url string) *SoundView {
	s := c.Sound
	if s == nil {
		return nil
	}
	return &SoundView{URL: url, Type: s.Type, Name: s.Name, Millis: s.Millis, AI: s.AI, Notice: notice(lang, s.AI)}
}

// Length is how long it is, as a player shows it: 3:07.
func (s SoundView) Length() string { return clock(s.Millis) }

func clock(millis int64) string {
	d := time.Duration(millis) * time.Millisecond
	return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}

func (s *Server) soundRoutes() {
	s.handle("POST /api/works/{id}/sounds", s.upload(upload{part: "sound", form: "sound.form", large: "sound.too_large", is: isSound}))
	s.handle("GET /api/versions/{id}/sound", func(w http.ResponseWriter, r *http.Request) {
		v, err := s.own(r.Context(), r.PathValue("id"))
		s.versionSound(w, r, v, err)
	})
	s.handle("GET /p/{work}/sound", func(w http.ResponseWriter, r *http.Request) {
		rel, err := s.readable(w, r)
		s.versionSound(w, r, rel.Version, err)
	})
	s.handle("GET /api/review/cases/{id}/sound", func(w http.ResponseWriter, r *http.Request) {
		v, err := s.reviewed(r.Context(), r.PathValue("id"))
		s.versionSound(w, r, v, err)
	})
}

func isSound(data []byte) error {
	_, err := media.SniffSound(data)
	return err
}

// versionSound answers with the sound of a version: labelled once it is, and as frozen before.
func (s *Server) versionSound(w http.ResponseWriter, r *http.Request, v loam.Version, err error) {
	if err == nil && v.Content.Sound == nil {
		err = loam.Fail(loam.NotFound, "sound.not_found")
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.sound(w, r, soundBlob(v), v.Content.Sound.Type)
}

// soundBlob is the hash of the bytes of a version's sound, labelled once it is.
func soundBlob(v loam.Version) string {
	for _, l := range v.Labels {
		if l.Field == loam.SoundField {
			return l.Result
		}
	}
	return v.Content.Sound.Hash
}

// sound sends user bytes: only as a sound, never sniffed, sandboxed, in the parts a player asks for.
func (s *Server) sound(w http.ResponseWriter, r *http.Request, hash, typ string) {
	data, err := s.Blobs.Read(hash)
	if err == nil && soundExt[typ] == "" {
		err = loam.Fail(loam.Internal, "sound.type")
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", typ)
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cache-Control", "private, no-cache") // asked anew each time: a takedown works at once
	h.Set("ETag", strconv.Quote(hash))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}
