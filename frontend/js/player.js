// The film player of clip pages.
