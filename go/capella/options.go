package capella

import (
	"errors"
	"slices"
	"strconv"
)

// Paging adds the options --page and --per-page, and returns what they come to once the arguments are parsed.
func (c *Command) Paging() *Paging {
	paging := &Paging{}
	c.Func("page", "one `page` alone, counted from 1; all pages if left out", func(text string) (err error) {
		paging.Page, err = positive(text)
		return err
	})
	c.Func("per-page", "`items` a page; the service's own choice if left out", func(text string) error {
		_, err := positive(text)
		paging.set("perPage", text)
		return err
	})
	return paging
}

// Filter adds an option that is sent in the query, as key, when it is given.
func (c *Command) Filter(paging *Paging, name, key, usage string) {
	c.Func(name, usage, func(text string) error {
		paging.set(key, text)
		return nil
	})
}

func (p *Paging) set(key, value string) {
	p.Query = slices.DeleteFunc(p.Query, func(pair [2]string) bool { return pair[0] == key })
	p.Query = append(p.Query, [2]string{key, value})
}

func positive(text string) (int, error) {
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 {
		return 0, errors.New("not a number from 1")
	}
	return number, nil
}
