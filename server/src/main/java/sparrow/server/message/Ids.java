package sparrow.server.message;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/**
 * Generates ids for requests, replies, sessions, items and events. Instances are thread-safe if their random number
 * generator is thread-safe.
 */
public final class Ids {
    /** A generator of ids that clients cannot guess. Thread-safe. */
    public static final Ids UNGUESSABLE = new Ids(new SecureRandom());

    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int LENGTH = 22;

    private final RandomGenerator random;

    /** Creates a generator from a source of random numbers. */
    public Ids(RandomGenerator random) {
        this.random = random;
    }

    /** Returns a new id that consists of the prefix, such as {@code item_}, and 22 letters. */
    public String next(String prefix) {
        StringBuilder id = new StringBuilder(prefix);
        for (int i = 0; i < LENGTH; i++) id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        return id.toString();
    }
}
