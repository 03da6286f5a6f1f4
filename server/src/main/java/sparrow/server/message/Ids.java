package sparrow.server.message;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/** Makes names of requests, replies, sessions, items and events. As safe for several threads as its random numbers. */
public final class Ids {
    /** Names that no client can guess. Safe for every thread. */
    public static final Ids UNGUESSABLE = new Ids(new SecureRandom());

    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int LENGTH = 22;

    private final RandomGenerator random;

    /** Names made of these random numbers. */
    public Ids(RandomGenerator random) {
        this.random = random;
    }

    /** Such as {@code item_} and 22 letters. */
    public String next(String prefix) {
        StringBuilder id = new StringBuilder(prefix);
        for (int i = 0; i < LENGTH; i++) id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        return id.toString();
    }
}
