// Command gen writes the traditional-to-simplified table that internal/text embeds, from
// the character list of a pinned OpenCC module (Apache-2.0). It is run by go generate in
// internal/text and needs the module proxy once; the go command checks the module's hash.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

const module = "github.com/longbridgeapp/opencc@v0.3.13"

func main() {
	if err := run("table"); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(folder string) error {
	dir, err := moduleDir()
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

// moduleDir has the go command fetch the module into its cache, without touching go.mod.
func moduleDir() (string, error) {
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
