package sparrow.train.cli;

/** A part of something, 1 for all of it. */
record Share(double value) {
    /**
     * Reads {@code 5%} or {@code 0.05}.
     *
     * @throws IllegalArgumentException in one line if it is neither
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
