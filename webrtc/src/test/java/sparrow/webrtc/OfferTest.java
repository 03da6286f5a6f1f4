package sparrow.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.server.message.RefusedException;

class OfferTest {
    /** As Chromium writes it, without what is ignored, with a video track. */
    private static final String OFFER = """
            v=0
            o=- 4611731400430051336 2 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=group:BUNDLE 0 1 2
            m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0
            c=IN IP4 0.0.0.0
            a=ice-ufrag:4ZcD
            a=ice-pwd:2/1muCWoOi3uLifh0NuRHlts
            a=fingerprint:sha-256 75:74:5A:A6:A4:E5:52:F4:A7:67:4C:01:C7:EE:91:3F:21:3D:A2:E3:53:7B:6F:30:86:F2:30:AA:65:FB:04:24
            a=setup:actpass
            a=mid:0
            a=sendrecv
            a=rtcp-mux
            a=rtpmap:111 opus/48000/2
            a=rtpmap:63 red/48000/2
            m=video 9 UDP/TLS/RTP/SAVPF 96
            c=IN IP4 0.0.0.0
            a=mid:1
            a=rtpmap:96 VP8/90000
            m=application 9 UDP/DTLS/SCTP webrtc-datachannel
            c=IN IP4 0.0.0.0
            a=mid:2
            a=sctp-port:5000
            a=max-message-size:262144
            """;

    @Test
    void theAnswerAcceptsAudioAndDataAndRejectsVideo() {
        Offer offer = Offer.read(OFFER.replace("\n", "\r\n"));
        String answer =
                offer.answer(new Offer.Answer("user", "password", "AB:CD", List.of("127.0.0.1", "::1"), 8080, -2));

        assertThat(offer.audio().payloadType()).isEqualTo(111);
        assertThat(offer.fingerprint()).startsWith("75:74:5A");
        assertThat(offer.maxMessageBytes()).isEqualTo(262_144);
        assertThat(answer.lines())
                .startsWith("v=0")
                .containsSubsequence(
                        "a=ice-lite",
                        "a=group:BUNDLE 0 2",
                        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
                        "a=candidate:1 1 udp 2130706431 127.0.0.1 8080 typ host",
                        "a=candidate:2 1 udp 2130706175 ::1 8080 typ host",
                        "a=end-of-candidates",
                        "a=ice-ufrag:user",
                        "a=ice-pwd:password",
                        "a=fingerprint:sha-256 AB:CD",
                        "a=setup:passive",
                        "a=mid:0",
                        "a=sendrecv",
                        "a=rtpmap:111 opus/48000/2",
                        "a=ssrc:4294967294 cname:sparrow",
                        "m=video 0 UDP/TLS/RTP/SAVPF 96",
                        "a=mid:1",
                        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
                        "a=mid:2",
                        "a=sctp-port:5000");
    }

    /** As aiortc 1.13 and Debian's 1.11 write it. */
    @Test
    void anOfferWithSctpmapIsAnsweredInItsNotation() {
        String old = OFFER.replace("UDP/DTLS/SCTP webrtc-datachannel", "DTLS/SCTP 5001")
                .replace("a=sctp-port:5000", "a=sctpmap:5001 webrtc-datachannel 65535");
        String answer = Offer.read(old).answer(new Offer.Answer("u", "p", "AB", List.of(), 1, 1));

        assertThat(answer.lines())
                .containsSubsequence(
                        "m=application 9 DTLS/SCTP 5000",
                        "a=mid:2",
                        "a=sctpmap:5000 webrtc-datachannel 65535",
                        "a=max-message-size:262144");
        assertThat(answer).doesNotContain("a=sctp-port");
        assertThatThrownBy(() -> Offer.read(old.replace("sctpmap:5001", "sctpmap:5002")))
                .hasMessage("sdp: expected a data channel");
    }

    /** The answer repeats the identifiers and the transports of the offer. */
    @Test
    void controlCharactersAreRefused() {
        int refused = 0;
        for (char control = 0; control < 0xa0; control++) {
            if (!Character.isISOControl(control) || control == '\n' || control == '\r') continue;
            for (String place : List.of("a=mid:1", "m=video 9 UDP/TLS", "RTP/SAVPF 96", "s=-")) {
                String offer = OFFER.replace(place, place + control + "x");
                assertThatThrownBy(() -> Offer.read(offer))
                        .hasMessage("sdp: expected no control characters, found U+%04X", (int) control);
                refused++;
            }
        }
        assertThat(refused).isEqualTo(4 * (65 - 2));
    }

    @ParameterizedTest
    @CsvSource({"sendonly, recvonly", "recvonly, sendonly", "inactive, inactive"})
    void directionsAreMirrored(String offered, String answered) {
        String answer = Offer.read(OFFER.replace("sendrecv", offered))
                .answer(new Offer.Answer("u", "p", "AB", List.of(), 1, 1));

        assertThat(answer).contains("a=" + answered + "\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=0 | v=1 | sdp: expected a session description that begins with v=0, found v=1",
                "111 | 128 | sdp: expected an audio track (m=audio) in Opus",
                "opus/48000/2 | PCMU/8000 | sdp: expected an audio track (m=audio) in Opus",
                "m=application 9 | m=application 0 | sdp: expected a data channel",
                "sha-256 | sha-1 | sdp: expected a=fingerprint:sha-256 with 32 bytes",
                "actpass | passive | sdp: expected a=setup:actpass or active, found passive",
                "BUNDLE 0 1 2 | BUNDLE 0 1 | sdp: expected audio and data channel in one a=group:BUNDLE",
                "m=video 9 UDP/TLS/RTP/SAVPF 96 | m=video | sdp: expected four values or more after m="
            })
    void otherOffersAreRefusedInOneLine(String part, String other, String message) {
        assertThatThrownBy(() -> Offer.read(OFFER.replace(part, other)))
                .isInstanceOf(RefusedException.class)
                .hasMessage(message);
    }

    @Test
    void nothingIsNoOffer() {
        assertThatThrownBy(() -> Offer.read("\n"))
                .hasMessage("sdp: expected a session description that begins with v=0, found nothing");
        assertThatThrownBy(() -> Offer.read(OFFER + "m=video 9 a 1\n".repeat(14)))
                .hasMessage("sdp: expected at most 16 lines m=");
    }
}
