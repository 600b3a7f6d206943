// Command rivals runs Go's other automata by the protocol of scripts/rivals.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"time"

	anknown "github.com/anknown/ahocorasick"
	cloudflare "github.com/cloudflare/ahocorasick"
)

func lines(file string) []string {
	raw, err := os.ReadFile(file)
	if err != nil {
		panic(err)
	}
	return strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n")
}

func main() {
	phrases, texts := lines(os.Args[2]), lines(os.Args[3])
	begun := time.Now()
	var pass func() int
	switch os.Args[1] {
	case "anknown":
		dict := make([][]rune, len(phrases))
		for i, p := range phrases {
			dict[i] = []rune(p)
		}
		m := new(anknown.Machine)
		if err := m.Build(dict); err != nil {
			panic(err)
		}
		pass = func() (n int) {
			for _, s := range texts { // its input is runes: making them is part of its work
				n += len(m.MultiPatternSearch([]rune(s), false))
			}
			return n
		}
	case "cloudflare":
		m := cloudflare.NewStringMatcher(phrases)
		pass = func() (n int) {
			for _, s := range texts {
				n += len(m.Match([]byte(s)))
			}
			return n
		}
	}
	fmt.Println("ready", time.Since(begun).Milliseconds())
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		begun := time.Now()
		n := pass()
		fmt.Println(time.Since(begun).Nanoseconds(), n)
	}
}
