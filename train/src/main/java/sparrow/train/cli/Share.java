package sparrow.train.cli;

/** A fraction of at most 1. */
record Share(double value) {
    /**
     * Parses a fraction such as {@code 5%} or {@code 0.05}.
     *
     * @throws IllegalArgumentException if the text is neither; the message is one line
     */
    static Share parse(String text) {
        boolean percent = text.endsWith("%");
        try {
            double value = Double.parseDouble(percent ? text.substring(0, text.length() - 1) : text);
            return new Share(percent ? value / 100 : value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a share such as 5% or 0.05, got \"" + text + "\"");
        }
    }
}
