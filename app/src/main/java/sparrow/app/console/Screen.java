package sparrow.app.console;

import java.io.Console;

/** The screen of standard output: colours on a terminal, plain characters elsewhere. */
public record Screen(boolean colours) {
    private static final String RESET = "\u001b[0m";

    /** A colour of the terminal. */
    public enum Colour {
        CYAN(36),
        YELLOW(33),
        GREEN(32),
        MAGENTA(35),
        DIM(2);

        private final String code;

        Colour(int code) {
            this.code = "\u001b[" + code + "m";
        }
    }

    /** The screen of this process. */
    public static Screen ofProcess() {
        Console console = System.console();
        boolean terminal = console != null && console.isTerminal();
        return new Screen(terminal && System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM")));
    }

    /** The text in a colour, or unchanged where there are none. */
    public String paint(Colour colour, String text) {
        return colours ? colour.code + text + RESET : text;
    }
}
