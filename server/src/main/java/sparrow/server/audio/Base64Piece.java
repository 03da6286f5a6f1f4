package sparrow.server.audio;

/**
 * Bytes in base64, for one message.
 *
 * @param text in base64, padded
 * @param bytes how many bytes the text stands for
 */
public record Base64Piece(String text, int bytes) {}
