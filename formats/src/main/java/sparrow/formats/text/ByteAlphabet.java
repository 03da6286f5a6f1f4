package sparrow.formats.text;

import java.util.Arrays;

/**
 * GPT-2's encoding of bytes as text: visible Latin-1 characters represent themselves, and the characters from U+0100
 * represent the other 68 bytes in order. Byte-level tokenizer files and GGUF files use this encoding for their tokens.
 */
public final class ByteAlphabet {
    private static final int MOVED_TO = 0x100;
    private static final char[] CHARS = new char[256];
    /** The byte that each character represents, or -1 if it represents none. */
    private static final int[] BYTES = new int[MOVED_TO + 68];

    static {
        Arrays.fill(BYTES, -1);
        int moved = MOVED_TO;
        for (int value = 0; value < CHARS.length; value++) {
            CHARS[value] = (char) (isVisible(value) ? value : moved++);
            BYTES[CHARS[value]] = value;
        }
    }

    private ByteAlphabet() {}

    /** Returns whether a byte is not a control character, space or soft hyphen. */
    private static boolean isVisible(int value) {
        return value > 0x20 && value < 0x7f || value > 0xa0 && value != 0xad;
    }

    /** Returns bytes as text, with one character per byte. */
    public static String write(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        for (byte value : bytes) text.append(CHARS[Byte.toUnsignedInt(value)]);
        return text.toString();
    }

    /**
     * Returns the bytes represented by text.
     *
     * @throws IllegalArgumentException if a character does not represent a byte
     */
    public static byte[] read(String text) {
        byte[] bytes = new byte[text.length()];
        for (int i = 0; i < bytes.length; i++) {
            char written = text.charAt(i);
            int value = written < BYTES.length ? BYTES[written] : -1;
            if (value < 0) {
                throw new IllegalArgumentException(
                        String.format("expected characters of the byte-level alphabet, found U+%04X", (int) written));
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }
}
