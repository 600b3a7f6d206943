// Command fetch puts the pinned font files into internal/fonts/files, where the build
// embeds them. `go generate ./internal/fonts` runs it; a second run finds every file in
// place and does nothing.
//
// Packages come through npm and the go command, so the builder's registry, mirror, proxy
// and caches are used as configured, and no root is needed.
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
	"strings"

	"loam/internal/fonts"
)

// largest bounds what is read of one file: the biggest font has 11 MB.
const largest = 64 << 20

func main() {
	dir := "files" // go generate runs in the package's folder
	if len(os.Args) > 1 {
		dir = os.Args[1]
	}
	if err := run(dir); err != nil {
		fmt.Fprintln(os.Stderr, "fonts:", err)
		os.Exit(1)
	}
}

func run(dir string) error {
	if _, err := os.Stat(dir); err != nil {
		return fmt.Errorf("%w; run it as `make fonts` or `go generate ./internal/fonts`", err)
	}
	wanted := map[fonts.Source][]fonts.File{}
	for _, f := range fonts.List() {
		if !inPlace(filepath.Join(dir, f.Name), f.SHA256) {
			wanted[f.From] = append(wanted[f.From], f)
		}
	}
	for src, list := range wanted {
		fmt.Printf("fonts: fetching %s %s\n", src.Package, src.Version)
		if err := fetch(src, list, dir); err != nil {
			return fmt.Errorf("%s@%s: %w", src.Package, src.Version, err)
		}
	}
	return nil
}

func inPlace(path, sum string) bool {
	b, err := os.ReadFile(path)
	return err == nil && digest(b) == sum
}

func digest(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

func fetch(src fonts.Source, list []fonts.File, dir string) error {
	tmp, err := os.MkdirTemp("", "loam-fonts-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	read := goModule
	if src.Client == "npm" {
		read = npmPackage
	}
	got, err := read(src, list, tmp)
	if err != nil {
		return err
	}
	for _, f := range list {
		b, ok := got[f.Path]
		if !ok {
			return fmt.Errorf("%s is not in the package", f.Path)
		}
		if sum := digest(b); sum != f.SHA256 {
			return fmt.Errorf("%s has SHA-256 %s, pinned is %s: refused", f.Path, sum, f.SHA256)
		}
		if err := write(filepath.Join(dir, f.Name), b); err != nil {
			return err
		}
	}
	return nil
}

// write replaces path whole or not at all.
func write(path string, b []byte) error {
	if err := os.WriteFile(path+".part", b, 0o644); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}

// goModule reads files of a module as the go command verified and cached it.
func goModule(src fonts.Source, list []fonts.File, tmp string) (map[string][]byte, error) {
	if err := os.WriteFile(filepath.Join(tmp, "go.mod"), []byte("module fetch\n"), 0o644); err != nil {
		return nil, err
	}
	out, err := command(tmp, "go", "mod", "download", "-json", src.Package+"@"+src.Version)
	if err != nil {
		return nil, err
	}
	var mod struct{ Dir string }
	if err := json.Unmarshal(out, &mod); err != nil {
		return nil, err
	}
	got := map[string][]byte{}
	for _, f := range list {
		if got[f.Path], err = os.ReadFile(filepath.Join(mod.Dir, filepath.FromSlash(f.Path))); err != nil {
			return nil, err
		}
	}
	return got, nil
}

// npmPackage downloads a package's archive and reads the wanted files out of it; nothing
// of it is installed or run.
func npmPackage(src fonts.Source, list []fonts.File, tmp string) (map[string][]byte, error) {
	if _, err := command(tmp, "npm", "pack", "--ignore-scripts", "--silent", src.Package+"@"+src.Version); err != nil {
		return nil, err
	}
	archives, err := filepath.Glob(filepath.Join(tmp, "*.tgz"))
	if err != nil || len(archives) != 1 {
		return nil, errors.Join(err, fmt.Errorf("npm pack left %d archives", len(archives)))
	}
	f, err := os.Open(archives[0])
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	return untar(tar.NewReader(z), list)
}

func untar(t *tar.Reader, list []fonts.File) (map[string][]byte, error) {
	wanted := map[string]bool{}
	for _, f := range list {
		wanted[f.Path] = true
	}
	got := map[string][]byte{}
	for len(got) < len(wanted) {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return got, nil
		}
		if err != nil {
			return nil, err
		}
		name := strings.TrimPrefix(h.Name, "package/")
		if !wanted[name] || h.Size > largest {
			continue
		}
		if got[name], err = io.ReadAll(io.LimitReader(t, largest)); err != nil {
			return nil, err
		}
	}
	return got, nil
}

func command(dir, name string, args ...string) ([]byte, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return nil, fmt.Errorf("%s is not installed; on Debian: apt-get install -y %s", name, map[string]string{"npm": "npm", "go": "golang"}[name])
	}
	c := exec.Command(path, args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	var said strings.Builder
	c.Stderr = &said
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w: is the network up? It said:\n%s%s", name, strings.Join(args, " "), err, said.String(), out)
	}
	return out, nil
}
