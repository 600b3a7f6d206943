// Package ui embeds the built app and the design tokens both surfaces share.
//
// It stands apart because its content comes from the Node build: without one the
// committed placeholder page says how to make it, and everything else still works.
package ui

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

//go:embed all:dist placeholder
var files embed.FS

//go:embed tokens.json
var tokens []byte

// App is the built app, index.html at its root; without a build, a page that says how to
// make one.
func App() (fs.FS, error) {
	if _, err := fs.Stat(files, "dist/app/index.html"); err != nil {
		return fs.Sub(files, "placeholder")
	}
	return fs.Sub(files, "dist/app")
}

// Variables are the tokens as CSS custom properties: light, and dark where the reader's
// system or the page's data-theme asks for it.
func Variables() (string, error) {
	var t struct {
		Light, Dark, Shape map[string]string
	}
	if err := json.Unmarshal(tokens, &t); err != nil {
		return "", fmt.Errorf("read tokens: %w", err)
	}
	var b strings.Builder
	block := func(selector string, sets ...map[string]string) {
		b.WriteString(selector + "{")
		for _, set := range sets {
			names := make([]string, 0, len(set))
			for n := range set {
				names = append(names, n)
			}
			slices.Sort(names)
			for _, n := range names {
				fmt.Fprintf(&b, "--%s:%s;", n, set[n])
			}
		}
		b.WriteString("}\n")
	}
	block(":root", t.Light, t.Shape)
	b.WriteString("@media (prefers-color-scheme: dark){")
	block(":root:not([data-theme=light])", t.Dark)
	b.WriteString("}\n")
	block(":root[data-theme=dark]", t.Dark)
	return b.String(), nil
}
