/**
 * The interface between realtime sessions and calls over WebRTC. The server implements
 * {@link sparrow.server.call.CallPort.Caller}; the optional module {@code webrtc}, which is found at run time,
 * implements the other interfaces.
 */
package sparrow.server.call;
