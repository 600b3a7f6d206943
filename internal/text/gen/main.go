// Command gen writes the tables that internal/text embeds: traditional to simplified, from
// the character list of a pinned OpenCC module, and the word list, from the dictionary of a
// pinned gse module and our own words.txt (both modules Apache-2.0). It is run by go
// generate in internal/text and needs the module proxy once; the go command checks the
// modules' hashes.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

const module = "github.com/longbridgeapp/opencc@v0.3.13"

func main() {
	if err := errors.Join(run("table"), writeWords("table", "words.txt"), writeDisguises("table")); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(folder string) error {
	dir, err := moduleDir(module)
	if err != nil {
		return err
	}
	list, err := os.ReadFile(filepath.Join(dir, "dictionary", "TSCharacters.txt"))
	if err != nil {
		return err
	}
	table, err := pairs(list)
	if err != nil {
		return err
	}
	licence, err := os.ReadFile(filepath.Join(dir, "LICENSE"))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "LICENSE-opencc.txt"), licence, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "ts.txt"), table, 0o644)
}

// moduleDir has the go command fetch a module into its cache, without touching go.mod.
func moduleDir(module string) (string, error) {
	cmd := exec.Command("go", "mod", "download", "-json", module)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go mod download %s: %w", module, err)
	}
	var m struct{ Dir string }
	if err := json.Unmarshal(out, &m); err != nil {
		return "", err
	}
	return m.Dir, nil
}

// pairs keeps, of "traditional<tab>simplified [others]", the character and its first
// simplified form where they differ.
func pairs(list []byte) ([]byte, error) {
	var out bytes.Buffer
	lines := bufio.NewScanner(bytes.NewReader(list))
	for lines.Scan() {
		from, to, ok := strings.Cut(strings.TrimSpace(lines.Text()), "\t")
		if !ok {
			continue
		}
		to, _, _ = strings.Cut(to, " ")
		if utf8.RuneCountInString(from) != 1 || utf8.RuneCountInString(to) != 1 {
			return nil, fmt.Errorf("unexpected line %q", lines.Text())
		}
		if from != to {
			fmt.Fprintf(&out, "%s%s\n", from, to)
		}
	}
	return out.Bytes(), lines.Err()
}
