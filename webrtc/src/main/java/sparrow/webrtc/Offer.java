package sparrow.webrtc;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;

/**
 * A client's session description (RFC 8866, RFC 9429) with an audio track in Opus and data channels.
 *
 * @param fingerprint the SHA-256 of the client's certificate
 * @param mediaLines all parts of the offer, in order
 * @param audio the part that is used for audio
 */
record Offer(String fingerprint, List<Media> mediaLines, Media audio, Media data) {
    private static final int MAX_MEDIA = 16;
    private static final int MAX_LINES = 2000;
    private static final int MAX_PAYLOAD_TYPE = 127;
    private static final int MAX_STREAMS = 65_535;
    private static final String DATA_CHANNELS = "webrtc-datachannel";

    /**
     * A part of the offer.
     *
     * @param line the values of {@code m=}: kind, port, transport and formats
     * @param lines the lines of the part, such as {@code a=mid:0}
     */
    record Media(List<String> line, List<String> lines) {
        private String kind() {
            return line.getFirst();
        }

        private Optional<String> attribute(String name) {
            return Offer.attributes(lines, name).findFirst();
        }

        String mid() {
            return attribute("mid").orElse("");
        }

        /** Returns the payload type of Opus. */
        private Optional<String> opus() {
            return Offer.attributes(lines, "rtpmap")
                    .filter(map -> map.toLowerCase(Locale.ROOT).matches("\\d{1,3} opus/48000/2"))
                    .map(map -> map.substring(0, map.indexOf(' ')))
                    .filter(type -> line.contains(type) && Integer.parseInt(type) <= MAX_PAYLOAD_TYPE)
                    .findFirst();
        }

        int payloadType() {
            return Integer.parseInt(opus().orElseThrow());
        }

        /**
         * Returns the format of data channels, or empty if there is none: {@code webrtc-datachannel} (RFC 8841), or the
         * SCTP port in the earlier notation of aiortc before 1.14.
         */
        private Optional<String> dataFormat() {
            String format = line.get(3);
            if (format.equals(DATA_CHANNELS)) return Optional.of(format);
            return attribute("sctpmap")
                    .filter(map -> line.get(2).endsWith("DTLS/SCTP") && map.startsWith(format + " " + DATA_CHANNELS))
                    .map(_ -> "" + Peer.SCTP_PORT);
        }

        /** Returns the direction of the answer. */
        private String direction() {
            if (lines.contains("a=sendonly")) return "recvonly";
            if (lines.contains("a=recvonly")) return "sendonly";
            return lines.contains("a=inactive") ? "inactive" : "sendrecv";
        }
    }

    /**
     * Reads a session description.
     *
     * @throws RefusedException if it is not an offer of audio in Opus and of data channels, with ICE, DTLS and bundling
     */
    static Offer read(String text) {
        List<String> session = new ArrayList<>();
        List<Media> media = new ArrayList<>();
        requirePrintable(text);
        List<String> lines =
                text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        if (lines.isEmpty() || !lines.getFirst().equals("v=0") || lines.size() > MAX_LINES) {
            String found = lines.isEmpty() ? "nothing" : Json.brief(lines.getFirst());
            throw refused("expected a session description that begins with v=0, found " + found);
        }
        for (String line : lines) {
            if (line.startsWith("m=")) {
                media.add(new Media(List.of(line.substring(2).split(" +")), new ArrayList<>()));
                if (media.getLast().line().size() < 4) throw refused("expected four values or more after m=");
            }
            (media.isEmpty() ? session : media.getLast().lines()).add(line);
        }
        if (media.size() > MAX_MEDIA) throw refused("expected at most " + MAX_MEDIA + " lines m=");
        Media audio = only(media, "audio", one -> one.opus().isPresent(), "an audio track (m=audio) in Opus");
        Media data = only(media, "application", one -> one.dataFormat().isPresent(), "a data channel");
        String fingerprint = audio.attribute("fingerprint")
                .or(() -> attributes(session, "fingerprint").findFirst())
                .filter(value -> value.matches("(?i)sha-256 ([0-9a-f]{2}:){31}[0-9a-f]{2}"))
                .orElseThrow(() -> refused("expected a=fingerprint:sha-256 with 32 bytes"));
        String setup = audio.attribute("setup")
                .or(() -> attributes(session, "setup").findFirst())
                .orElse("");
        if (!setup.equals("actpass") && !setup.equals("active")) {
            throw refused("expected a=setup:actpass or active, found " + Json.brief(setup));
        }
        List<String> bundle = attributes(session, "group")
                .filter(group -> group.startsWith("BUNDLE "))
                .flatMap(group -> Stream.of(group.split(" ")).skip(1))
                .toList();
        if (!bundle.contains(audio.mid()) || !bundle.contains(data.mid())) {
            throw refused("expected audio and data channel in one a=group:BUNDLE");
        }
        return new Offer(fingerprint.substring(fingerprint.indexOf(' ') + 1), List.copyOf(media), audio, data);
    }

    /** Refuses control characters, because the answer repeats parts of the offer. */
    private static void requirePrintable(String text) {
        text.chars()
                .filter(one -> Character.isISOControl(one) && one != '\r' && one != '\n')
                .findFirst()
                .ifPresent(one -> {
                    throw refused("expected no control characters, found U+%04X".formatted(one));
                });
    }

    private static Media only(List<Media> media, String kind, Predicate<Media> suits, String expected) {
        return media.stream()
                .filter(one -> one.kind().equals(kind) && !one.line().get(1).equals("0") && suits.test(one))
                .findFirst()
                .orElseThrow(() -> refused("expected " + expected));
    }

    private static Stream<String> attributes(List<String> lines, String name) {
        String prefix = "a=" + name + ":";
        return lines.stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()).strip());
    }

    private static RefusedException refused(String why) {
        return RefusedException.value("sdp", "sdp: " + why);
    }

    /** Returns whether the client accepts audio. */
    boolean acceptsAudio() {
        return audio.direction().startsWith("send");
    }

    /** Returns a part of the client's account for checks, {@code ice-ufrag} or {@code ice-pwd}; empty if it has none. */
    String account(String part) {
        return audio.attribute(part).or(() -> data.attribute(part)).orElse("");
    }

    /** Returns the maximum length of a message that the client accepts. */
    int maxMessageBytes() {
        String size = data.attribute("max-message-size")
                .filter(value -> value.matches("\\d{1,9}"))
                .orElse("65536");
        // Zero means any length.
        return size.equals("0") ? Integer.MAX_VALUE : Integer.parseInt(size);
    }

    /**
     * The server's values in an answer.
     *
     * @param candidates the addresses at which the server is reached
     * @param ssrc the source identifier of the server's audio
     */
    record Answer(String user, String password, String fingerprint, List<String> candidates, int port, int ssrc) {}

    /** Returns the answer. Parts other than one audio track and the data channels are rejected. */
    String answer(Answer own) {
        StringBuilder out = new StringBuilder();
        out.append("v=0\r\no=- ")
                .append(Integer.toUnsignedLong(own.ssrc()))
                .append(" 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-lite\r\n");
        out.append("a=group:BUNDLE ")
                .append(mediaLines.stream()
                        .filter(this::isAccepted)
                        .map(Media::mid)
                        .collect(Collectors.joining(" ")))
                .append("\r\na=msid-semantic: WMS sparrow\r\n");
        for (Media media : mediaLines) append(out, media, own);
        return out.toString();
    }

    private boolean isAccepted(Media media) {
        return media == audio || media == data;
    }

    private void append(StringBuilder out, Media media, Answer own) {
        String transport = media.line().get(2);
        if (!isAccepted(media)) {
            out.append(
                    "m=" + media.kind() + " 0 " + transport + " " + media.line().get(3) + "\r\n");
            out.append("c=IN IP4 0.0.0.0\r\na=inactive\r\na=mid:" + media.mid() + "\r\n");
            return;
        }
        String format = (media == audio ? media.opus() : media.dataFormat()).orElseThrow();
        out.append("m=" + media.kind() + " 9 " + transport + " " + format + "\r\nc=IN IP4 0.0.0.0\r\n");
        int priority = 0;
        for (String candidate : own.candidates()) {
            long value = (126L << 24) + (65_535L - priority) * 256 + 255;
            out.append("a=candidate:" + ++priority + " 1 udp " + value + " " + candidate + " " + own.port()
                    + " typ host\r\n");
        }
        out.append("a=end-of-candidates\r\n");
        out.append("a=ice-ufrag:" + own.user() + "\r\na=ice-pwd:" + own.password() + "\r\n");
        out.append("a=fingerprint:sha-256 " + own.fingerprint() + "\r\na=setup:passive\r\n");
        out.append("a=mid:" + media.mid() + "\r\n");
        if (media == data) {
            out.append(
                    format.equals(DATA_CHANNELS)
                            ? "a=sctp-port:" + Peer.SCTP_PORT + "\r\n"
                            : "a=sctpmap:" + format + " " + DATA_CHANNELS + " " + MAX_STREAMS + "\r\n");
            out.append("a=max-message-size:" + SctpAssociation.MAX_MESSAGE + "\r\n");
            return;
        }
        out.append("a=" + media.direction() + "\r\na=rtcp-mux\r\n");
        out.append("a=rtpmap:" + format + " opus/48000/2\r\n");
        out.append("a=fmtp:" + format + " minptime=10;useinbandfec=1\r\n");
        out.append("a=msid:sparrow voice\r\n");
        out.append("a=ssrc:" + Integer.toUnsignedLong(own.ssrc()) + " cname:sparrow\r\n");
    }
}
