package sparrow.formats.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import sparrow.formats.weights.Gguf;

/**
 * Text to token ids and back: byte-pair encoding with added tokens around it. Two forms are read, which differ in how
 * text is split and normalised and in how the order of merges is told: {@linkplain #open tiktoken's} by ranks of
 * tokens, as the GLM-4 family uses it, and the {@linkplain #openByteLevel byte-level} one by a list of merges, as Qwen2
 * does. Nothing is lower-cased or put in front. Safe for use by several threads.
 */
public final class Tokenizer {
    private final Vocabulary vocabulary;
    private final Map<Integer, String> added;
    private final AddedTokens addedTokens;
    private final Splitting splitting;
    private final BytePairs bytePairs;

    /** @param added added tokens by id */
    Tokenizer(Vocabulary vocabulary, Map<Integer, String> added, Splitting splitting, BytePairs bytePairs) {
        this.vocabulary = vocabulary;
        this.added = added;
        this.splitting = splitting;
        this.bytePairs = bytePairs;
        addedTokens = new AddedTokens(added);
    }

    /**
     * Reads {@code tokenizer.model} and {@code tokenizer_config.json}, the tiktoken form.
     *
     * @param folder a checkpoint folder
     * @param unlisted added tokens that the configuration may not list
     * @throws sparrow.formats.weights.BadFileException if a file is missing or wrong, naming line or key
     * @throws IOException if a file cannot be read
     */
    public static Tokenizer open(Path folder, UnlistedTokens unlisted) throws IOException {
        Vocabulary vocabulary = TiktokenFiles.ranks(folder.resolve("tokenizer.model"));
        Map<Integer, String> added = TiktokenFiles.added(folder.resolve("tokenizer_config.json"), vocabulary);
        Set<String> listed = new HashSet<>(added.values());
        unlisted.missing(vocabulary.size(), listed).forEach((id, content) -> {
            boolean free = !vocabulary.contains(id) && !listed.contains(content);
            if (free) added.putIfAbsent(id, content);
        });
        return new Tokenizer(vocabulary, added, Splitting.GLM4, new TokenRanks(vocabulary));
    }

    /**
     * Reads the byte-level form of the Qwen2 and Llama 3 families: {@code tokenizer.json} if there is one, else Qwen2's {@code
     * vocab.json}, {@code merges.txt} and {@code added_tokens.json} (transformers' {@code Qwen2Tokenizer}). Qwen2 brings text between
     * added tokens into Unicode's composed form (NFC), so that ids decode to that.
     *
     * @param folder a checkpoint folder
     * @throws sparrow.formats.weights.BadFileException if a file is missing or wrong, or asks for what the family does
     *     not do, naming line or key
     * @throws IOException if a file cannot be read
     */
    public static Tokenizer openByteLevel(Path folder) throws IOException {
        Path json = folder.resolve("tokenizer.json");
        return Files.exists(json) ? TokenizerJson.read(json) : ByteLevelFiles.read(folder);
    }

    /**
     * The tokenizer that a GGUF file carries: byte-level, of llama.cpp's kind {@code lfm2}.
     *
     * @throws sparrow.formats.weights.BadFileException if a key is missing or wrong, or describes another kind
     */
    public static Tokenizer of(Gguf gguf) {
        return GgufVocabulary.read(gguf);
    }

    /**
     * The ids of a text. Added tokens are recognised wherever they stand in it, the longest at the leftmost place.
     */
    public int[] encode(String text) {
        IntStream.Builder ids = IntStream.builder();
        int runStart = 0;
        int at = 0;
        while (at < text.length()) {
            String token = addedTokens.longestAt(text, at);
            if (token == null) {
                at++;
                continue;
            }
            encodeRun(text, runStart, at, ids);
            ids.accept(addedTokens.id(token));
            at += token.length();
            runStart = at;
        }
        encodeRun(text, runStart, at, ids);
        return ids.build().toArray();
    }

    /** The ids of a text in which nothing is an added token: what a user typed cannot pose as a control token. */
    public int[] encodeText(String text) {
        IntStream.Builder ids = IntStream.builder();
        encodeRun(text, 0, text.length(), ids);
        return ids.build().toArray();
    }

    private void encodeRun(String text, int from, int to, IntStream.Builder ids) {
        splitting.split(
                text.substring(from, to), piece -> bytePairs.encode(piece.getBytes(StandardCharsets.UTF_8), ids));
    }

    /**
     * The text of ids, added tokens as they are written, with nothing between. Ids without a token (padding of the
     * vocabulary) say nothing. Malformed UTF-8 becomes U+FFFD, one for each maximal ill-formed part.
     */
    public String decode(int... ids) {
        StringBuilder text = new StringBuilder();
        ByteArrayOutputStream run = new ByteArrayOutputStream();
        for (int id : ids) {
            String token = added.get(id);
            if (token == null) {
                run.writeBytes(textBytes(id));
            } else {
                text.append(Utf8Stream.decode(run.toByteArray())).append(token);
                run.reset();
            }
        }
        return text.append(Utf8Stream.decode(run.toByteArray())).toString();
    }

    /** The text of ids without added tokens: the pieces of {@link #stream} together. */
    String decodeText(int... ids) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int id : ids) text.writeBytes(textBytes(id));
        return Utf8Stream.decode(text.toByteArray());
    }

    /** Decodes ids as they come, without added tokens, as if these were not there: what a listener reads. */
    public TextStream stream() {
        return new TextStream(this, TextStream.Added.SILENT);
    }

    /** Decodes ids as they come, added tokens as they are written; all pieces together are {@link #decode(int...)}. */
    public TextStream streamWritten() {
        return new TextStream(this, TextStream.Added.WRITTEN);
    }

    /** The id of an added token such as {@code <|user|>}, if there is one. */
    public OptionalInt id(String addedToken) {
        Integer id = addedTokens.id(addedToken);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** True if the id is an added token: a special, reserved or audio token, no piece of text. */
    public boolean isAdded(int id) {
        return added.containsKey(id);
    }

    /** Number of byte-pair tokens. */
    public int textTokens() {
        return vocabulary.size();
    }

    /** UTF-8 bytes of a byte-pair token, perhaps part of a character; none for other ids. */
    public byte[] textBytes(int id) {
        return vocabulary.bytes(id);
    }

    /** Two tokens that become one. */
    public record Merge(byte[] left, byte[] right) {}

    /**
     * Byte-pair encoding as a list of merges, the first to be applied first: the form of tokenizers that do not go by
     * ranks. If ranks were read, tokens that no merge of two others makes are left out.
     */
    public List<Merge> merges() {
        return bytePairs.merges();
    }
}
