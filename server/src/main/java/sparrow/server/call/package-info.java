/**
 * The interface between realtime sessions and calls over WebRTC. The server implements {@link
 * sparrow.server.call.CallPort.Caller}; the optional module {@code webrtc} implements the others, and is found at run
 * time.
 */
package sparrow.server.call;
