#include <csignal>
#include <iostream>
#include <string>

#include "tests/unit/pipeline/camera.hpp"

/// A classroom camera for tests of the whole server: prints its address and films until it
/// is told to stop.
int main() {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  // Before any thread starts: they all inherit it.
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  const tongke::tests::Camera camera(
      "( videotestsrc is-live=true ! video/x-raw,width=320,height=180,framerate=25/1 ! x264enc "
      "tune=zerolatency speed-preset=ultrafast key-int-max=50 ! rtph264pay name=pay0 pt=96 "
      "audiotestsrc is-live=true ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay1 pt=8 )");
  std::cout << camera.url() << std::endl;
  int received = 0;
  return sigwait(&stop, &received);
}
