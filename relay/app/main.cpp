#include "relay/app/cli.hpp"

int main(int argc, char** argv) { return tongke::relay::app::run_cli(argc, argv); }
