package sparrow.server.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Blocker;
import sparrow.server.message.Json;

/**
 * The fields and the file of a {@code multipart/form-data} request.
 *
 * @param texts the fields other than the file, as an object of strings
 * @param file the file, or empty if no file was sent
 */
public record Form(ObjectNode texts, Optional<byte[]> file) {
    private static final int MAX_PARTS = 64;
    private static final int MAX_HEADER_BYTES = 4 << 10;

    /**
     * Reads a form from a request body.
     *
     * @param type the content type, including the boundary of the parts
     * @param fileName the name of the field that contains the file
     * @throws HttpFailure if the body is not a form, has too many parts, or has two parts with the same name
     */
    static Form read(String type, byte[] body, String fileName) {
        MultiPartFormData.Parser parser = new MultiPartFormData.Parser(boundary(type));
        parser.setMaxParts(MAX_PARTS);
        parser.setPartHeadersMaxLength(MAX_HEADER_BYTES);
        // The body is already in memory, so no part is written to a file.
        parser.setMaxMemoryFileSize(BodyReader.MAX_BYTES);
        ObjectNode texts = JsonNodeFactory.instance.objectNode();
        Optional<byte[]> file = Optional.empty();
        try (MultiPartFormData.Parts parts = parse(parser, body)) {
            for (MultiPart.Part part : parts) {
                String name = part.getName();
                if (name == null) throw refused("a name for each part, found a part without a name");
                boolean isFile = name.equals(fileName);
                if (texts.has(name) || (isFile && file.isPresent())) {
                    throw refused("each name once, found two parts " + Json.brief(name));
                }
                if (isFile) file = Optional.of(bytes(part));
                else texts.put(name, text(name, bytes(part)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the input is in memory
        }
        return new Form(texts, file);
    }

    private static String boundary(String type) {
        try {
            String boundary = MultiPart.extractBoundary(type);
            if (boundary != null) return boundary;
        } catch (IllegalArgumentException e) {
            // a quotation mark is not closed
        }
        throw refused("a boundary in content-type, found none");
    }

    private static MultiPartFormData.Parts parse(MultiPartFormData.Parser parser, byte[] body) {
        try {
            return Blocker.blockWithPromise(parts -> parser.parse(Content.Source.from(ByteBuffer.wrap(body)), parts));
        } catch (IOException | RuntimeException e) {
            // Jetty throws different exceptions for malformed forms.
            throw refused("at most " + MAX_PARTS + " parts of multipart/form-data, found something else");
        }
    }

    /**
     * Returns the fields, with the named fields converted to numbers or booleans if they can be parsed as such.
     *
     * @param names the fields to convert
     */
    public ObjectNode typed(String... names) {
        ObjectNode typed = texts.deepCopy();
        for (String name : names) {
            String text = texts.path(name).asText();
            if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
                typed.put(name, Boolean.parseBoolean(text));
            } else if (text.matches("[0-9]{1,9}([.][0-9]{1,9})?")) {
                typed.put(name, Double.parseDouble(text));
            }
        }
        return typed;
    }

    private static byte[] bytes(MultiPart.Part part) throws IOException {
        ByteBuffer content = Content.Source.asByteBuffer(part.getContentSource());
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return bytes;
    }

    /** Decodes a field. Jetty's own decoder throws an undeclared exception for bytes in another character set. */
    private static String text(String name, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw refused("UTF-8 in part " + Json.brief(name) + ", found other bytes");
        }
    }

    private static HttpFailure refused(String why) {
        return HttpFailure.refused(400, "invalid_form", "body: expected " + why);
    }
}
