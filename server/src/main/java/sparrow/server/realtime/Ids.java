package sparrow.server.realtime;

import java.util.random.RandomGenerator;

/** Makes names of sessions, items, responses and events, which nobody can guess by accident. */
final class Ids {
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int LENGTH = 22;

    private final RandomGenerator random;

    Ids(RandomGenerator random) {
        this.random = random;
    }

    /** Such as {@code item_} and 22 letters. */
    String next(String prefix) {
        StringBuilder id = new StringBuilder(prefix);
        for (int i = 0; i < LENGTH; i++) id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        return id.toString();
    }
}
