package web

import (
	"embed"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"

	"loam"
)

//go:embed catalog/*.json
var catalogs embed.FS

// sentences are the catalogues by language. They are embedded, so a broken one is found
// by every test.
var sentences = sync.OnceValue(func() map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, lang := range []string{"zh", "en"} {
		raw, err := catalogs.ReadFile("catalog/" + lang + ".json")
		m := map[string]string{}
		if err == nil {
			err = json.Unmarshal(raw, &m)
		}
		if err != nil {
			panic("catalogue " + lang + ": " + err.Error())
		}
		out[lang] = m
	}
	return out
})

// sentence is the catalogue's text for a code, with {0}, {1} … filled in. A code without
// a sentence shows itself, so that it is noticed.
func sentence(lang, code string, args ...string) string {
	s, ok := sentences()[lang][code]
	if !ok {
		return code
	}
	for i, a := range args {
		s = strings.ReplaceAll(s, "{"+string(rune('0'+i))+"}", a)
	}
	return s
}

// Say is an error as a sentence of a language, its cause behind it: for the command line.
func Say(lang string, err error) string {
	e, ok := errors.AsType[*loam.Error](err)
	if !ok {
		return err.Error()
	}
	context, wrapped := strings.CutSuffix(err.Error(), e.Error())
	if !wrapped {
		context = ""
	}
	s := context + sentence(lang, e.Code, e.Args...)
	if e.Err != nil {
		s += " (" + e.Err.Error() + ")"
	}
	return s
}

// langOf is the language of a request: ?lang=, the cookie, then Accept-Language; Chinese
// unless English is asked for first.
func langOf(r *http.Request) string {
	if l := r.URL.Query().Get("lang"); l == "zh" || l == "en" {
		return l
	}
	if c, err := r.Cookie("lang"); err == nil && (c.Value == "zh" || c.Value == "en") {
		return c.Value
	}
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		switch tag := strings.ToLower(strings.TrimSpace(part)); {
		case strings.HasPrefix(tag, "zh"):
			return "zh"
		case strings.HasPrefix(tag, "en"):
			return "en"
		}
	}
	return "zh"
}
