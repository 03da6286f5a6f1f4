package sparrow.formats.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import sparrow.formats.BadFileException;
import sparrow.formats.Printable;

/**
 * The metadata of a GGUF file. Values have types, and a value of an unexpected type is reported with file and key. A
 * value is decoded when it is requested, so a vocabulary of hundreds of thousands of strings requires no time or memory
 * unless it is used.
 */
public final class GgufMetadata {
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble F64 =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Minimum number of bytes of an entry: key (length without text), type and one byte. */
    static final int MIN_BYTES = 8 + 4 + 1;

    private final Path file;
    private final MemorySegment whole;
    private final Map<String, Field> fields;

    /** The position of a value or of an array's first element. */
    private record Field(GgufType type, GgufType elements, long count, long at) {
        @Override
        public String toString() {
            return type == GgufType.ARRAY ? count + " of " + elements : type.toString();
        }
    }

    private GgufMetadata(Path file, MemorySegment whole, Map<String, Field> fields) {
        this.file = file;
        this.whole = whole;
        this.fields = fields;
    }

    /** Locates the values and checks every length against the file size. */
    static GgufMetadata read(GgufCursor cursor, long count) {
        Map<String, Field> fields = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
            String key = cursor.name("key " + (i + 1));
            Field field = field(cursor, place(key), type(cursor, place(key)));
            if (fields.put(key, field) != null) throw new BadFileException(cursor.file(), place(key), "occurs twice");
        }
        return new GgufMetadata(cursor.file(), cursor.whole(), fields);
    }

    private static Field field(GgufCursor cursor, String place, GgufType type) {
        if (type == GgufType.ARRAY) return array(cursor, place);
        long at = cursor.at();
        skip(cursor, place, type);
        return new Field(type, null, 1, at);
    }

    private static Field array(GgufCursor cursor, String place) {
        GgufType elements = type(cursor, place);
        if (elements == GgufType.ARRAY) {
            throw new BadFileException(cursor.file(), place, "expected plain values, found arrays in an array");
        }
        long count = cursor.count(place, elements.bytes());
        long at = cursor.at();
        if (elements == GgufType.STRING) for (long i = 0; i < count; i++) skip(cursor, place, elements);
        else cursor.take(count * elements.bytes(), place);
        return new Field(GgufType.ARRAY, elements, count, at);
    }

    private static void skip(GgufCursor cursor, String place, GgufType type) {
        cursor.take(type == GgufType.STRING ? cursor.count(place, 1) : type.bytes(), place);
    }

    private static GgufType type(GgufCursor cursor, String place) {
        int number = cursor.u32(place);
        GgufType[] types = GgufType.values();
        if (number < 0 || number >= types.length) {
            throw new BadFileException(
                    cursor.file(),
                    place,
                    "expected a value type of 0 to " + (types.length - 1) + ", found "
                            + Integer.toUnsignedString(number));
        }
        return types[number];
    }

    /** Returns all keys in file order. */
    public Set<String> keys() {
        return Collections.unmodifiableSet(fields.keySet());
    }

    /** Returns whether a key exists. */
    public boolean has(String key) {
        return fields.containsKey(key);
    }

    /** Returns whether a key exists and its value is an array. */
    public boolean isArray(String key) {
        return has(key) && fields.get(key).type == GgufType.ARRAY;
    }

    /**
     * Returns the string at a key.
     *
     * @throws BadFileException if the key is missing or has a different type
     */
    public String text(String key) {
        return string(required(key, "a string", field -> field.type == GgufType.STRING).at);
    }

    /**
     * Returns the integer, of any width, at a key.
     *
     * @throws BadFileException if the key is missing, has a different type, or does not fit in a long
     */
    public long whole(String key) {
        Field field = required(key, "a whole number", f -> f.type.isWhole());
        long value = whole(field.type, field.at);
        if (field.type == GgufType.U64 && value < 0) throw wrong(key, "a whole number below 2^63", "a larger one");
        return value;
    }

    /**
     * Returns the integer, from 1 to 2^31-1, at a key.
     *
     * @throws BadFileException if the key is missing or has a different type
     */
    public int positive(String key) {
        long value = whole(key);
        if (value < 1 || value > Integer.MAX_VALUE) throw wrong(key, "a whole number from 1 to 2^31-1", value);
        return (int) value;
    }

    /**
     * Returns the finite number at a key.
     *
     * @throws BadFileException if the key is missing or has a different type
     */
    public double number(String key) {
        Field field = required(key, "a number", f -> f.type.isNumber());
        double value = switch (field.type) {
            case F32 -> whole.get(F32, field.at);
            case F64 -> whole.get(F64, field.at);
            default -> whole(field.type, field.at);
        };
        if (!Double.isFinite(value)) throw wrong(key, "a finite number", value);
        return value;
    }

    /**
     * Returns the boolean at a key.
     *
     * @throws BadFileException if the key is missing or has a different type
     */
    public boolean flag(String key) {
        Field field = required(key, "true or false", f -> f.type == GgufType.BOOL);
        return whole.get(ValueLayout.JAVA_BYTE, field.at) != 0;
    }

    /**
     * Returns the array of booleans at a key.
     *
     * @throws BadFileException if the key is missing or has a different type
     */
    public List<Boolean> flags(String key) {
        Field field = required(key, "an array of true and false", f -> f.elements == GgufType.BOOL);
        List<Boolean> flags = new ArrayList<>();
        for (long i = 0; i < field.count; i++) flags.add(whole.get(ValueLayout.JAVA_BYTE, field.at + i) != 0);
        return flags;
    }

    /**
     * Returns the array of strings at a key.
     *
     * @throws BadFileException if the key is missing or has a different type
     */
    public List<String> texts(String key) {
        Field field = required(key, "an array of strings", f -> f.elements == GgufType.STRING);
        List<String> texts = new ArrayList<>();
        long at = field.at;
        for (long i = 0; i < field.count; i++) {
            texts.add(string(at));
            at += 8 + whole.get(I64, at);
        }
        return texts;
    }

    /**
     * Returns the array of integers at a key.
     *
     * @throws BadFileException if the key is missing or has a different type, or if a number does not fit in an int
     */
    public int[] integers(String key) {
        Field field = required(key, "an array of whole numbers", f -> f.elements != null && f.elements.isWhole());
        if (field.count > Integer.MAX_VALUE - 8) throw wrong(key, "an array that fits into memory", field);
        int[] values = new int[(int) field.count];
        for (int i = 0; i < values.length; i++) {
            long value = whole(field.elements, field.at + (long) i * field.elements.bytes());
            if (value != (int) value) throw wrong(key, "numbers from -2^31 to 2^31-1", value);
            values[i] = (int) value;
        }
        return values;
    }

    /** Returns all strings by key. */
    Map<String, String> allTexts() {
        Map<String, String> texts = new LinkedHashMap<>();
        fields.forEach((key, field) -> {
            if (field.type == GgufType.STRING) texts.put(key, string(field.at));
        });
        return Collections.unmodifiableMap(texts);
    }

    /**
     * Checks that a key has the only supported string value.
     *
     * @throws BadFileException if the key is missing or has a different value
     */
    public void expect(String key, String value) {
        if (!text(key).equals(value)) throw wrong(key, value, text(key));
    }

    /** Creates the exception for an invalid value. */
    public BadFileException wrong(String key, String expected, Object found) {
        return new BadFileException(file, place(key), "expected " + expected + ", found " + found);
    }

    private Field required(String key, String expected, Predicate<Field> fits) {
        Field field = fields.get(key);
        if (field == null) throw new BadFileException(file, place(key), "is missing");
        if (!fits.test(field)) throw wrong(key, expected, field);
        return field;
    }

    private long whole(GgufType type, long at) {
        return switch (type) {
            case U8 -> Byte.toUnsignedInt(whole.get(ValueLayout.JAVA_BYTE, at));
            case I8 -> whole.get(ValueLayout.JAVA_BYTE, at);
            case U16 -> Short.toUnsignedInt(whole.get(I16, at));
            case I16 -> whole.get(I16, at);
            case U32 -> Integer.toUnsignedLong(whole.get(I32, at));
            case I32 -> whole.get(I32, at);
            case U64, I64 -> whole.get(I64, at);
            case F32, F64, BOOL, STRING, ARRAY -> throw new IllegalArgumentException("not a whole number: " + type);
        };
    }

    private String string(long at) {
        byte[] bytes = whole.asSlice(at + 8, whole.get(I64, at)).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String place(String key) {
        return "key " + Printable.of(key);
    }
}
