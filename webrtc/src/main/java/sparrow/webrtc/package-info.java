/**
 * Calls over WebRTC. {@link sparrow.webrtc.UdpPort} is the entry point: all calls share one UDP port, whose datagrams
 * are assigned to a {@link sparrow.webrtc.Peer} by the user name of its ICE checks and then by their source address.
 * The server is an ICE-lite agent, the DTLS server and the passive side of SCTP, so it only answers.
 */
package sparrow.webrtc;
